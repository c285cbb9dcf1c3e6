internal import DevelopmentCertificates
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The platforms on loopback: once over plain HTTP with the host in the path, once over TLS for the real host names.
package enum Sandbox {
  /// The platforms it simulates.
  static let platforms: [any Platform.Type] = [Mailchimp.self]

  /// Every name of the TLS certificate.
  package static let hostNames: [String] =
    platforms.flatMap { $0.hosts } + ReservedHosts.names + ["localhost", "127.0.0.1"]

  /// Starts both listeners; when this returns, both answer.
  ///
  /// - Throws: `SandboxError.certificates` or `.cannotListen`.
  package static func start(_ options: SandboxOptions) async throws(SandboxError) -> RunningSandbox {
    let certificates = DevelopmentCertificates(directory: options.stateDirectory, name: "sandbox")
    let tls: NIOSSLContext
    let authority: String
    do {
      authority = try certificates.authority().certificatePath
      tls = try context(for: try certificates.leaf(names: hostNames))
    } catch {
      throw .certificates(reason: "\(error)")
    }
    let core = SandboxCore(platforms: platforms, seed: options.seed)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let courier = Courier(core: core, loop: group.next())
    do throws(SandboxError) {
      let httpPort = try await listen(options.port, options, courier, core, group, tls: nil)
      let tlsPort = try await listen(options.tlsPort, options, courier, core, group, tls: tls)
      return RunningSandbox(
        httpPort: httpPort, tlsPort: tlsPort, certificateAuthorityPath: authority, core: core,
        courier: courier, group: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private static func context(for leaf: LeafFiles) throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMBytes(leaf.certificatePEM).map(
      NIOSSLCertificateSource.certificate)
    let key = try NIOSSLPrivateKey(bytes: leaf.keyPEM, format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain, privateKey: .privateKey(key))
    configuration.applicationProtocols = ["http/1.1"]
    // A client that does not say goodbye must not keep a stopping sandbox waiting.
    configuration.shutdownTimeout = .milliseconds(100)
    return try NIOSSLContext(configuration: configuration)
  }

  /// Binds 127.0.0.1 and returns the port.
  private static func listen(
    _ port: Int, _ options: SandboxOptions, _ courier: Courier, _ core: SandboxCore,
    _ group: MultiThreadedEventLoopGroup, tls: NIOSSLContext?
  ) async throws(SandboxError) -> Int {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try Connection.configure(
            channel, core: core, courier: courier, tls: tls, maximumBodyBytes: options.maximumBodyBytes)
        }
      }
    do {
      let channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
      return channel.localAddress?.port ?? port
    } catch {
      throw .cannotListen(port: port, reason: "\(error)")
    }
  }
}
