/// Turns an answer and a fault into the exact bytes and cuts that go over a connection.
struct WirePlan {
  /// The method of the request; an answer to HEAD has no body.
  var method: String
  /// Whether the client allows the connection to stay.
  var keepAlive: Bool
  var now: SandboxInstant

  /// - Parameters:
  ///   - response: nil where the connection is cut before there is an answer.
  ///   - due: when, in sandbox time, a time-out has come.
  func steps(
    response: SandboxResponse?, effect: FaultEffect?, due: SandboxInstant? = nil
  ) -> [WireStep] {
    guard let response else { return [.reset] }
    let body = method == "HEAD" || !Self.mayHaveBody(response.status) ? [] : response.body
    let head = self.head(of: response)
    let whole = head + body
    switch effect {
    case nil, .answer: return [.send(whole), .finish(keepAlive: keepAlive)]
    case .timeout:
      let wait = due.map { [WireStep.wait(until: $0)] } ?? []
      return wait + [.send(whole), .finish(keepAlive: keepAlive)]
    case .delay(let milliseconds):
      return [.pause(milliseconds: milliseconds), .send(whole), .finish(keepAlive: keepAlive)]
    case .stall(let milliseconds):
      let half = Self.middle(head: head, body: body)
      return [
        .send(Array(whole.prefix(half))), .pause(milliseconds: milliseconds),
        .send(Array(whole.dropFirst(half))),
        .finish(keepAlive: keepAlive),
      ]
    case .truncate(let bytes):
      let half =
        bytes.map { head.count + min($0, max(0, body.count - 1)) } ?? Self.middle(head: head, body: body)
      // An answer without a body is cut in its head, else it would be complete.
      return [.send(Array(whole.prefix(body.isEmpty ? head.count / 2 : half))), .close]
    case .reset(.middle): return [.send(Array(whole.prefix(Self.middle(head: head, body: body)))), .reset]
    case .reset: return [.reset]
    case .badChunk: return [.send(brokenChunks(response, body: body)), .close]
    }
  }

  /// The middle of the body, or of the head where there is no body.
  private static func middle(head: [UInt8], body: [UInt8]) -> Int {
    body.isEmpty ? head.count / 2 : head.count + body.count / 2
  }

  private func brokenChunks(_ response: SandboxResponse, body: [UInt8]) -> [UInt8] {
    let half = Array(body.prefix(body.count / 2))
    // 204 and 304 cannot be chunked, so the broken answer claims to be a 200.
    let status = Self.mayHaveBody(response.status) ? response.status : 200
    var bytes = head(
      status: status, headers: response.headers, framing: NamedText("Transfer-Encoding", "chunked"))
    if !half.isEmpty {
      bytes += Array("\(String(half.count, radix: 16))\r\n".utf8) + half + Array("\r\n".utf8)
    }
    return bytes + Array("not-a-size\r\nlost\r\n0\r\n\r\n".utf8)
  }

  private func head(of response: SandboxResponse) -> [UInt8] {
    let framing =
      Self.mayHaveBody(response.status) ? NamedText("Content-Length", "\(response.body.count)") : nil
    return head(status: response.status, headers: response.headers, framing: framing)
  }

  private func head(status: Int, headers: [NamedText], framing: NamedText?) -> [UInt8] {
    var lines = [
      "HTTP/1.1 \(status) \(Self.reason(status))", "Server: patchbay-sandbox", "Date: \(now.httpDate)",
    ]
    let ours = ["content-length", "transfer-encoding", "connection", "date", "server"]
    for header in headers where !ours.contains(header.name.lowercased()) {
      lines.append("\(header.name): \(header.value)")
    }
    if let framing { lines.append("\(framing.name): \(framing.value)") }
    lines.append("Connection: \(keepAlive ? "keep-alive" : "close")")
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private static func mayHaveBody(_ status: Int) -> Bool { status >= 200 && status != 204 && status != 304 }

  private static let reasons = [
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 302: "Found",
    304: "Not Modified", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large",
    414: "URI Too Long",
    422: "Unprocessable Content", 426: "Upgrade Required", 429: "Too Many Requests",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout",
  ]

  private static func reason(_ status: Int) -> String { reasons[status] ?? "Status" }
}
