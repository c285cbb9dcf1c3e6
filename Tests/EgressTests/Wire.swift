import ConnectorModel
import Ports

@testable import Egress

/// A libcurl transport whose `api.example.com` is a server of the test.
struct Wire {
  let transport: CurlTransport

  init(port: UInt16, hosts: [String] = ["api.example.com"], hostPort: UInt16 = 80, authority: String? = nil)
    throws
  {
    transport = try CurlTransport(
      options: TransportOptions(
        connectTo: hosts.map {
          ConnectMapping(host: $0, port: hostPort, address: "127.0.0.1", addressPort: port)
        },
        certificateAuthority: authority))
  }

  /// The time-out is a bound, far longer than a test that waits for a processor takes.
  static func request(
    _ method: String = "GET", _ url: String = "http://api.example.com/x", headers: [HeaderField] = [],
    body: String? = nil, isWrite: Bool? = nil, timeout: Duration = .seconds(60),
    maximumResponse: Int = 1 << 20,
    maximumHeaders: Int = 64 * 1024
  ) -> TransportRequest {
    TransportRequest(
      method: method, url: url, headers: headers, body: body.map { TransportBody(Array($0.utf8)) },
      isWrite: isWrite ?? !["GET", "HEAD"].contains(method), timeout: timeout,
      maximumResponse: maximumResponse,
      maximumHeaders: maximumHeaders)
  }

  func send(_ request: TransportRequest = request()) async -> TransportResult {
    await transport.exchange(request)
  }
}

extension TransportResult {
  var answer: TransportAnswer? {
    if case .answered(let answer) = self { return answer }
    return nil
  }

  var failure: TransportFailure? {
    if case .failed(let failure) = self { return failure }
    return nil
  }

  var text: String { String(decoding: answer?.body ?? [], as: UTF8.self) }
}
