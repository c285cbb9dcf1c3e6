internal import DevelopmentCertificates
internal import NIOSSL
internal import Ports

/// The server's certificate, read and checked.
struct TLSMaterial: Sendable {
  var configuration: TLSConfiguration
  var authorityPath: String?

  /// Nil for plain HTTP.
  ///
  /// Files are read on a thread of their own.
  static func load(_ tls: HTTPServerOptions.TLS) async throws(HTTPServerError) -> TLSMaterial? {
    do {
      return try await NamedThread.run("tls-files") { try read(tls) }
    } catch {
      throw .certificate(reason: "\(error)")
    }
  }

  private static func read(_ tls: HTTPServerOptions.TLS) throws -> TLSMaterial? {
    switch tls {
    case .none: return nil
    case .development(let directory):
      let certificates = DevelopmentCertificates(directory: directory)
      let leaf = try certificates.leaf(names: ["localhost", "127.0.0.1", "::1"])
      return TLSMaterial(
        configuration: try configuration(certificate: leaf.certificatePath, key: leaf.keyPath),
        authorityPath: try certificates.authority().certificatePath)
    case .files(let certificate, let key):
      return TLSMaterial(configuration: try configuration(certificate: certificate, key: key))
    }
  }

  private static func configuration(certificate: String, key: String) throws -> TLSConfiguration {
    let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
    let key = try NIOSSLPrivateKey(file: key, format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    // Fails here, and not at the first client, where key and certificate do not fit.
    _ = try NIOSSLContext(configuration: configuration)
    return configuration
  }
}
