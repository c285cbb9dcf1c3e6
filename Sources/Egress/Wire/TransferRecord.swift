internal import ConnectorModel
internal import Ports

/// What the callbacks of one transfer saw, and what they may let pass.
///
/// A pure value; it tells what may have left, which decides whether a write may ever be repeated.
struct TransferRecord: Sendable, Equatable {
  let maximumBody: Int
  let maximumHeaders: Int
  let addresses: AddressPolicy

  /// How often libcurl began to send the request.
  ///
  /// 0 proves that nothing was sent.
  private(set) var begun = 0
  /// libcurl was about to send the request again by itself: on a reused connection that closed before the answer.
  private(set) var wasStoppedFromRepeating = false
  /// HTTP/2 said that the stream was not processed.
  private(set) var isStreamRefused = false
  private(set) var refusedAddress = false
  private(set) var isTooLarge = false
  /// The request's own body could not be read.
  private(set) var isBodyUnreadable = false
  /// The answer could not be written where it was to go; why.
  private(set) var sinkFault: BlobError?
  /// Of the last head; 0 before it.
  private(set) var status = 0
  private(set) var isBadlyChunked = false
  private(set) var headers: [HeaderField] = []
  private(set) var hasStatusLine = false
  /// The empty line after the headers came.
  private(set) var isHeadComplete = false
  /// Grows in the bridge, after `admitBody`.
  var body: [UInt8] = []
  private var headerBytes = 0

  init(maximumBody: Int, maximumHeaders: Int, addresses: AddressPolicy) {
    self.maximumBody = maximumBody
    self.maximumHeaders = maximumHeaders
    self.addresses = addresses
  }

  /// The connection stands and the request is about to leave.
  ///
  /// - Returns: false when it must not: a request leaves once, and the host decides whether to send it again.
  mutating func mayBegin() -> Bool {
    guard begun == 0 else {
      wasStoppedFromRepeating = true
      return false
    }
    begun += 1
    return true
  }

  mutating func mayConnect(to address: SocketAddress?) -> Bool {
    if let address, addresses.allows(address) { return true }
    refusedAddress = true
    return false
  }

  /// A line of the head, of interim heads or of the trailers, with its line end.
  ///
  /// - Returns: false when there are too many bytes of them.
  mutating func addHeader(_ line: Span<UInt8>) -> Bool {
    headerBytes += line.count
    guard headerBytes <= maximumHeaders else {
      isTooLarge = true
      return false
    }
    guard !line.isEmpty else { return true }
    switch line[0] {
    case UInt8(ascii: "\r"), UInt8(ascii: "\n"): isHeadComplete = true
    case UInt8(ascii: "H") where Self.text(line, 0, min(5, line.count)) == "HTTP/":
      (hasStatusLine, isHeadComplete, headers) = (true, false, [])
      status = Self.status(of: line)
    default:
      guard !isHeadComplete, let colon = line.indices.first(where: { line[$0] == .init(ascii: ":") })
      else { break }
      let name = Self.text(line, 0, colon).lowercased()
      // What has no name tells nobody anything.
      if !name.isEmpty { headers.append(HeaderField(name, Self.text(line, colon + 1, line.count))) }
    }
    return true
  }

  /// - Returns: false when `count` more bytes are too many.
  mutating func admitBody(_ count: Int) -> Bool {
    guard body.count + count <= maximumBody else {
      isTooLarge = true
      return false
    }
    return true
  }

  /// Whether the answer's body goes to the request's sink, if it has one.
  var isForSink: Bool { (200..<300).contains(status) }

  mutating func noteUnreadableBody() { isBodyUnreadable = true }

  mutating func noteSinkFault(_ fault: BlobError) {
    if fault.kind == .tooLarge { isTooLarge = true } else { sinkFault = fault }
  }

  mutating func noteRefusedStream() { isStreamRefused = true }

  /// libcurl's sentence about a failure.
  mutating func noteError(_ text: String) {
    if text.contains("chunked-encoding") { isBadlyChunked = true }
  }

  private static func status(of line: Span<UInt8>) -> Int {
    let words = text(line, 0, line.count).split(separator: " ", maxSplits: 2)
    return words.count > 1 ? Int(words[1]) ?? 0 : 0
  }

  /// What stands from `start` to before `end`, without the space around it.
  ///
  /// What no field may hold becomes a space (RFC 9110, section 5.5).
  private static func text(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> String {
    var (start, end) = (start, end)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while start < end, isSpace(bytes[end - 1]) { end -= 1 }
    if (start..<end).contains(where: { isForbidden(bytes[$0]) }) {
      return String(decoding: (start..<end).map { isForbidden(bytes[$0]) ? 0x20 : bytes[$0] }, as: UTF8.self)
    }
    return unsafe bytes.extracting(start..<end).withUnsafeBufferPointer {
      unsafe String(decoding: $0, as: UTF8.self)
    }
  }

  private static func isForbidden(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x0a || byte == 0x0d }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
