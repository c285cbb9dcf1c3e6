internal import NIOCore
internal import Ports

extension Answer {
  /// All lines of its head.
  func headerLines(requestID: String) -> [HeaderLine] {
    var lines = [
      HeaderLine("Date", Timestamp.httpDate(SystemClock().unixNanoseconds)),
      HeaderLine("X-Request-Id", requestID), HeaderLine("Cache-Control", "no-store"),
      HeaderLine("X-Content-Type-Options", "nosniff"),
    ]
    if let mediaType {
      lines.append(HeaderLine("Content-Type", mediaType))
      lines.append(HeaderLine("Content-Length", "\(body.readableBytes)"))
    }
    if closesConnection { lines.append(HeaderLine("Connection", "close")) }
    return lines + headers
  }
}
