internal import Ports

/// What a file's own bytes say of it: kind, size in pixels, length in time.
///
/// Reads a few bytes here and there, never more than ``maximumReads`` times, and trusts no length in the file.
struct MediaProbe {
  struct Facts: Sendable, Equatable {
    /// `application/octet-stream` when the bytes show no kind that is known here.
    var type = "application/octet-stream"
    var width: Int?
    var height: Int?
    var durationMilliseconds: Int?
  }

  static let maximumReads = 4096
  /// Beyond it a number in a file is no size of a picture.
  static let maximumPixels = 1_000_000

  let size: UInt64
  private let fetch: (UInt64, Int) throws(BlobError) -> [UInt8]
  private var reads = 0

  private init(size: UInt64, fetch: @escaping (UInt64, Int) throws(BlobError) -> [UInt8]) {
    self.size = size
    self.fetch = fetch
  }

  /// - Throws: `unavailable` when the file cannot be read; damage in it is no error.
  static func record(of content: StoredBlob.Content, size: UInt64, sha256: String) throws(BlobError)
    -> BlobRecord
  {
    let facts = try facts(of: content)
    return BlobRecord(
      sha256: sha256, size: size, type: facts.type, width: facts.width, height: facts.height,
      durationMilliseconds: facts.durationMilliseconds)
  }

  static func facts(of content: StoredBlob.Content) throws(BlobError) -> Facts {
    var probe: MediaProbe
    switch content {
    case .file(let path):
      let file = try BlobFile(path)
      probe = MediaProbe(size: file.size) { offset, count throws(BlobError) in
        try file.read(at: offset, count: count)
      }
    case .bytes(let bytes):
      probe = MediaProbe(size: UInt64(bytes.count)) { offset, count in
        Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
      }
    }
    return try probe.facts()
  }

  private mutating func facts() throws(BlobError) -> Facts {
    let head = try bytes(at: 0, count: 32)
    if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      return Self.png(head)
    }
    if head.starts(with: "GIF87a".utf8) || head.starts(with: "GIF89a".utf8) {
      return Self.gif(head)
    }
    if head.starts(with: [0xff, 0xd8, 0xff]) { return try jpeg() }
    if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WEBP".utf8) {
      return Self.webp(head)
    }
    if head.starts(with: "%PDF-".utf8) { return Facts(type: "application/pdf") }
    if head.dropFirst(4).starts(with: "ftyp".utf8) {
      return try ISOMediaReader.facts(head: head, of: &self)
    }
    return Facts()
  }

  /// Fewer at the end of the file, none when too much was read already.
  mutating func bytes(at offset: UInt64, count: Int) throws(BlobError) -> [UInt8] {
    guard reads < Self.maximumReads, offset < size else { return [] }
    reads += 1
    return try fetch(offset, count)
  }

  private static func picture(_ type: String, _ width: UInt64?, _ height: UInt64?) -> Facts {
    guard let width, let height, (1...UInt64(maximumPixels)).contains(width),
      (1...UInt64(maximumPixels)).contains(height)
    else { return Facts(type: type) }
    return Facts(type: type, width: Int(width), height: Int(height))
  }

  private static func png(_ head: [UInt8]) -> Facts {
    guard head.dropFirst(12).starts(with: "IHDR".utf8) else { return Facts(type: "image/png") }
    return picture("image/png", head.number(at: 16, 4), head.number(at: 20, 4))
  }

  private static func gif(_ head: [UInt8]) -> Facts {
    picture("image/gif", head.littleNumber(at: 6, 2), head.littleNumber(at: 8, 2))
  }

  /// Walks the segments to the one that tells the frame's size.
  private mutating func jpeg() throws(BlobError) -> Facts {
    var offset: UInt64 = 2
    while true {
      let segment = try bytes(at: offset, count: 9)
      guard segment.count >= 4, segment[0] == 0xff else { return Facts(type: "image/jpeg") }
      switch segment[1] {
      case 0xff: offset += 1
      case 0x01, 0xd0...0xd8: offset += 2
      case 0xd9, 0xda: return Facts(type: "image/jpeg")
      case 0xc0...0xcf where ![0xc4, 0xc8, 0xcc].contains(segment[1]):
        return Self.picture("image/jpeg", segment.number(at: 7, 2), segment.number(at: 5, 2))
      default:
        guard let length = segment.number(at: 2, 2), length >= 2 else {
          return Facts(type: "image/jpeg")
        }
        offset += 2 + length
      }
    }
  }

  private static func webp(_ head: [UInt8]) -> Facts {
    let chunk = head.dropFirst(12)
    if chunk.starts(with: "VP8X".utf8), let width = head.littleNumber(at: 24, 3),
      let height = head.littleNumber(at: 27, 3)
    {
      return picture("image/webp", width + 1, height + 1)
    }
    if chunk.starts(with: "VP8L".utf8), head.count >= 25, head[20] == 0x2f,
      let bits = head.littleNumber(at: 21, 4)
    {
      return picture("image/webp", (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
    }
    if chunk.starts(with: "VP8 ".utf8), head.count >= 30,
      head[23...25].elementsEqual([0x9d, 0x01, 0x2a]),
      let width = head.littleNumber(at: 26, 2), let height = head.littleNumber(at: 28, 2)
    {
      return picture("image/webp", width & 0x3fff, height & 0x3fff)
    }
    return Facts(type: "image/webp")
  }
}

extension [UInt8] {
  /// High byte first; nil beyond the end.
  func number(at offset: Int, _ count: Int) -> UInt64? {
    guard offset >= 0, offset + count <= self.count else { return nil }
    return self[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Low byte first; nil beyond the end.
  func littleNumber(at offset: Int, _ count: Int) -> UInt64? {
    guard offset >= 0, offset + count <= self.count else { return nil }
    return self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
