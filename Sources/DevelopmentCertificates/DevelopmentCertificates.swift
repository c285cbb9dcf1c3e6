internal import Glibc

/// The development certificate authority of one directory, and the leaf certificates it signs.
///
/// Files, all P-256 and PEM: `NAME-ca.pem` and `NAME-ca-key.pem`, `NAME.pem` (the leaf, then the authority) and `NAME-key.pem`.
/// Keys have mode 0600. What exists is reused while it is valid for 30 more days, fits its key and, for a leaf, is for
/// exactly the wanted names; anything else is made anew. Each file is replaced whole, and processes take turns by a lock
/// on `NAME.lock`, which is held for the milliseconds that making a certificate takes.
package struct DevelopmentCertificates: Sendable {
  private let directory: String
  private let name: String

  private static let authorityDays = 1825
  /// What browsers accept at most for a server certificate is 398 days.
  private static let leafDays = 397
  private static let renewalDays = 30

  /// - Parameters:
  ///   - directory: made with mode 0700 where it is missing.
  ///   - name: the first part of each file's name, and of the authority's own name.
  package init(directory: String, name: String = "patchbay") {
    self.directory = directory
    self.name = name
  }

  /// The authority's certificate, for clients to trust.
  package func authority() throws(CertificateError) -> AuthorityFile {
    try locked { () throws(CertificateError) in
      _ = try authorityPair()
      guard let pem = try authorityFile.read() else { throw authorityFile.failure("read") }
      return AuthorityFile(certificatePath: authorityFile.path, certificatePEM: pem)
    }
  }

  /// A server's certificate for `names`: DNS names, `*.` wildcards, IP addresses.
  ///
  /// Their order does not matter.
  ///
  /// - Throws: `CertificateError.invalidName`, `.noNames`, or what the files and OpenSSL report.
  package func leaf(names: [String]) throws(CertificateError) -> LeafFiles {
    var subjects: [SubjectName] = []
    for name in names { subjects.append(try SubjectName(name)) }
    guard !subjects.isEmpty else { throw .noNames }
    return try locked { () throws(CertificateError) in try self.leaf(for: subjects) }
  }

  private func leaf(for subjects: [SubjectName]) throws(CertificateError) -> LeafFiles {
    let authority = try authorityPair()
    let wanted = Set(subjects.map(\.entry))
    if let chain = try leafFile.read(), let keyBytes = try leafKeyFile.read(),
      let certificate = Certificate.read(pem: chain), let key = PrivateKey.read(pem: keyBytes),
      certificate.isValid(forDays: Self.renewalDays), certificate.belongs(to: key),
      certificate.isSigned(by: authority.key), certificate.entries == wanted
    {
      return LeafFiles(
        certificatePath: leafFile.path, keyPath: leafKeyFile.path, certificatePEM: chain, keyPEM: keyBytes)
    }
    let key = try PrivateKey.generate()
    let certificate = try Certificate.leaf(
      names: subjects, days: Self.leafDays, key: key, issuer: authority.certificate, issuerKey: authority.key)
    let chain = try certificate.pem() + authority.certificate.pem()
    let keyBytes = try key.pem()
    try leafKeyFile.replace(with: keyBytes, mode: 0o600)
    try leafFile.replace(with: chain, mode: 0o644)
    return LeafFiles(
      certificatePath: leafFile.path, keyPath: leafKeyFile.path, certificatePEM: chain, keyPEM: keyBytes)
  }

  private func authorityPair() throws(CertificateError) -> AuthorityPair {
    if let certificateBytes = try authorityFile.read(), let keyBytes = try authorityKeyFile.read(),
      let certificate = Certificate.read(pem: certificateBytes), let key = PrivateKey.read(pem: keyBytes),
      certificate.isValid(forDays: Self.leafDays + Self.renewalDays), certificate.belongs(to: key)
    {
      return AuthorityPair(certificate: certificate, key: key)
    }
    let key = try PrivateKey.generate()
    let certificate = try Certificate.authority(
      commonName: "\(name) development authority", days: Self.authorityDays, key: key)
    try authorityKeyFile.replace(with: try key.pem(), mode: 0o600)
    try authorityFile.replace(with: try certificate.pem(), mode: 0o644)
    return AuthorityPair(certificate: certificate, key: key)
  }

  private var authorityFile: CertificateFile { CertificateFile(path: "\(directory)/\(name)-ca.pem") }
  private var authorityKeyFile: CertificateFile { CertificateFile(path: "\(directory)/\(name)-ca-key.pem") }
  private var leafFile: CertificateFile { CertificateFile(path: "\(directory)/\(name).pem") }
  private var leafKeyFile: CertificateFile { CertificateFile(path: "\(directory)/\(name)-key.pem") }

  /// Runs `body` while no other process makes certificates here.
  ///
  /// Calls `flock`.
  private func locked<Result>(_ body: () throws(CertificateError) -> Result) throws(CertificateError)
    -> Result
  {
    let lock = CertificateFile(path: "\(directory)/\(name).lock")
    try makeDirectory()
    let descriptor = unsafe open(lock.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw lock.failure("open") }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw lock.failure("lock") }
    return try body()
  }

  private func makeDirectory() throws(CertificateError) {
    var path = directory.hasPrefix("/") ? "/" : ""
    for component in directory.split(separator: "/") {
      path += component + "/"
      guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw CertificateFile(path: path).failure("make the directory")
      }
    }
  }
}

private struct AuthorityPair: ~Copyable {
  let certificate: Certificate
  let key: PrivateKey
}
