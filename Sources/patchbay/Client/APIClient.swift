internal import ConnectorModel
internal import Egress
internal import Ports
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The HTTP API of a running host, for commands.
struct APIClient: Sendable {
  let base: String
  private let key: Secret
  private let transport: CurlTransport

  /// - Parameter authority: the PEM file of the authority to trust instead of the system's.
  /// - Throws: `CommandFailure` when the URL is none.
  init(url: String, key: Secret, authority: String?) throws(CommandFailure) {
    guard let parts = URL(string: url), let host = parts.host(), ["http", "https"].contains(parts.scheme)
    else {
      throw CommandFailure(sentence: "\(url) is no URL of a host, such as https://localhost:3000", code: 2)
    }
    let port = UInt16(clamping: parts.port ?? (parts.scheme == "https" ? 443 : 80))
    // Connections go to names: a certificate is for one.
    guard host == "127.0.0.1" || !host.allSatisfy({ $0.isNumber || $0 == "." }), !host.contains(":") else {
      throw CommandFailure(sentence: "\(url) has an address for a host; give its name instead", code: 2)
    }
    let isHere = host == "localhost" || host == "127.0.0.1"
    do {
      transport = try CurlTransport(
        options: TransportOptions(
          connectTo: isHere
            ? [ConnectMapping(host: "localhost", port: port, address: "127.0.0.1", addressPort: port)] : [],
          certificateAuthority: authority, allowsPrivateAddresses: true))
    } catch {
      throw CommandFailure(sentence: "\(error)")
    }
    base = "\(parts.scheme ?? "https")://\(isHere ? "localhost" : host):\(port)"
    self.key = key
  }

  /// Sends one request and returns the answer's JSON, `null` when it has none.
  ///
  /// - Throws: `CommandFailure` with the host's own words when it refuses.
  func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    let bytes = try body.map { TransportBody(try StableJSON.encode($0)) }
    return try await send(method, path, bytes, type: "application/json", timeout: .seconds(60))
  }

  func send(
    _ method: String, _ path: String, _ body: TransportBody?, type: String, timeout: Duration
  )
    async throws -> JSONValue
  {
    var headers = [HeaderField("Authorization", key.reveal { "Bearer \($0)" })]
    if body != nil { headers.append(HeaderField("Content-Type", type)) }
    let result = await transport.exchange(
      TransportRequest(
        method: method, url: base + path, headers: headers, body: body,
        isWrite: method != "GET", timeout: timeout, maximumResponse: 64 << 20))
    switch result {
    case .failed(let failure) where failure.requestMayHaveLeft && method != "GET":
      throw CommandFailure(
        sentence: "the host at \(base) may have taken the request, but did not answer: \(failure.message)",
        code: 3)
    case .failed(let failure):
      throw CommandFailure(
        sentence:
          "the host at \(base) does not answer: \(failure.message); is `patchbay serve` running there?")
    case .answered(let answer):
      let value = try? StableJSON.decode(JSONValue.self, from: answer.body)
      guard answer.status < 300 else {
        let detail = value?["detail"]?.text ?? "it answered \(answer.status)"
        throw CommandFailure(sentence: detail)
      }
      return value ?? .null
    }
  }

  /// All pages of a list, at most `limit` elements.
  func list(_ path: String, limit: Int) async throws -> [JSONValue] {
    var items: [JSONValue] = []
    var cursor: String?
    repeat {
      let mark = path.contains("?") ? "&" : "?"
      let after = cursor.map { "&after=\($0)" } ?? ""
      let page = try await send("GET", "\(path)\(mark)limit=\(min(200, limit - items.count))\(after)")
      items += page["items"]?.elements ?? []
      cursor = page["next"]?.text
    } while cursor != nil && items.count < limit
    return items
  }
}
