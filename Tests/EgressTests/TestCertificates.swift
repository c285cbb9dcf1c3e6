import Foundation

/// A certificate authority and a leaf for `api.example.com`, made by the `openssl` program in a temporary folder.
struct TestCertificates {
  let folder: String
  var authority: String { folder + "/ca.pem" }
  var leaf: String { folder + "/leaf.pem" }
  var key: String { folder + "/leaf.key" }

  init() async throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("egress-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    try await ChildProcess.run(
      ["openssl", "req", "-x509", "-days", "2", "-subj", "/CN=Egress tests", "-keyout", folder + "/ca.key"]
        + ["-out", authority, "-addext", "keyUsage=critical,keyCertSign"] + newKey)
    try await ChildProcess.run(
      ["openssl", "req", "-new", "-subj", "/CN=leaf", "-keyout", key, "-out", folder + "/leaf.csr"] + newKey)
    try "subjectAltName=DNS:api.example.com".write(
      toFile: folder + "/leaf.ext", atomically: true, encoding: .utf8)
    try await ChildProcess.run(
      ["openssl", "x509", "-req", "-days", "2", "-in", folder + "/leaf.csr", "-CA", authority, "-out", leaf]
        + ["-CAkey", folder + "/ca.key", "-CAcreateserial", "-extfile", folder + "/leaf.ext"])
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
