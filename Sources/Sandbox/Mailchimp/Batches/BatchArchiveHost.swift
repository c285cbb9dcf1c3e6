internal import ConnectorModel

// Where batch results lie: an object store that takes signed URLs and nothing else.
extension Mailchimp {
  static let archiveHost = "mailchimp-api-batch.s3.amazonaws.com"
  private static let archiveKey = Array("patchbay-sandbox-archive".utf8)
  private static let urlLifetime: Int64 = 600

  func archiveURL(of batchID: String, at now: SandboxInstant) -> String {
    let expires = String(now.seconds + Self.urlLifetime)
    let query = FormText.encode([
      NamedText("AWSAccessKeyId", "PATCHBAYSANDBOX"), NamedText("Expires", expires),
      NamedText("Signature", Self.archiveSignature(batchID, expires)),
    ])
    return "https://\(Self.archiveHost)/\(batchID)-response.tar.gz?\(query)"
  }

  private static func archiveSignature(_ batchID: String, _ expires: String) -> String {
    Digest.hexadecimal(Digest.hmacSHA256(Array("\(batchID) \(expires)".utf8), key: archiveKey))
  }

  func archiveResponse(to request: SandboxRequest, at now: SandboxInstant) -> SandboxResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return Self.storeError(405, "MethodNotAllowed", "The method is not allowed against this resource.")
    }
    // Whoever sends the account's key along gives it to a third party.
    guard request.header("Authorization") == nil else {
      return Self.storeError(400, "InvalidArgument", "Only one auth mechanism allowed.")
    }
    func item(_ name: String) -> String { request.query.first { $0.name == name }?.value ?? "" }
    let suffix = "-response.tar.gz"
    let name = request.segments.joined(separator: "/")
    let id = name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : ""
    let expires = item("Expires")
    guard item("Signature") == Self.archiveSignature(id, expires) else {
      return Self.storeError(
        403, "SignatureDoesNotMatch", "The request signature we calculated does not match.")
    }
    guard let end = Int64(expires), now.seconds < end else {
      return Self.storeError(403, "AccessDenied", "Request has expired")
    }
    guard let batch = batches.first(where: { $0.id == id }), batch.hasResults(at: now) else {
      return Self.storeError(404, "NoSuchKey", "The specified key does not exist.")
    }
    return SandboxResponse(
      status: 200, headers: [NamedText("Content-Type", "application/x-gzip")], body: batch.archive)
  }

  private static func storeError(_ status: Int, _ code: String, _ message: String) -> SandboxResponse {
    let body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message></Error>"
    return SandboxResponse(
      status: status, headers: [NamedText("Content-Type", "application/xml")], body: Array(body.utf8))
  }
}
