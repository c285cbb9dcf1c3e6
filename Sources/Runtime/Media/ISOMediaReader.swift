internal import Ports

/// Reads the boxes of MP4 and QuickTime files: how long the film is, and how large its picture.
enum ISOMediaReader {
  private struct Box {
    var type: String
    /// Of what is in it.
    var start: UInt64
    var end: UInt64
  }

  static func facts(head: [UInt8], of probe: inout MediaProbe) throws(BlobError) -> MediaProbe.Facts {
    var facts = MediaProbe.Facts(
      type: type(ofBrand: String(decoding: head.dropFirst(8).prefix(4), as: UTF8.self)))
    guard let movie = try boxes(from: 0, to: probe.size, of: &probe, until: "moov").last,
      movie.type == "moov"
    else {
      return facts
    }
    for box in try boxes(from: movie.start, to: movie.end, of: &probe) {
      switch box.type {
      case "mvhd": facts.durationMilliseconds = duration(try probe.bytes(at: box.start, count: 32))
      case "trak":
        for inner in try boxes(from: box.start, to: box.end, of: &probe) where inner.type == "tkhd" {
          let length = Int(min(inner.end - inner.start, 96))
          guard let (width, height) = size(try probe.bytes(at: inner.start, count: length)) else {
            continue
          }
          // A film may have a small picture for its cover besides.
          if width * height > (facts.width ?? 0) * (facts.height ?? 0) {
            (facts.width, facts.height) = (width, height)
          }
        }
      default: break
      }
    }
    return facts
  }

  private static func type(ofBrand brand: String) -> String {
    switch brand {
    case "qt  ": "video/quicktime"
    case "M4A ", "M4B ": "audio/mp4"
    case "heic", "heix", "mif1", "msf1": "image/heic"
    case "avif", "avis": "image/avif"
    default: "video/mp4"
    }
  }

  /// The boxes that lie side by side; the probe's own bound ends a file of endless small ones.
  private static func boxes(
    from start: UInt64, to end: UInt64, of probe: inout MediaProbe, until wanted: String? = nil
  ) throws(BlobError) -> [Box] {
    var found: [Box] = []
    var offset = start
    while offset < end, end - offset >= 8 {
      let head = try probe.bytes(at: offset, count: 16)
      guard var length = head.number(at: 0, 4), head.count >= 8 else { break }
      var skipped: UInt64 = 8
      switch length {
      case 0: length = end - offset
      case 1:
        guard let long = head.number(at: 8, 8) else { return found }
        (length, skipped) = (long, 16)
      default: break
      }
      guard length >= skipped, length <= end - offset else { break }
      let type = String(decoding: head[4..<8], as: UTF8.self)
      found.append(Box(type: type, start: offset + skipped, end: offset + length))
      if type == wanted { break }
      offset += length
    }
    return found
  }

  private static func duration(_ header: [UInt8]) -> Int? {
    let isLong = header.first == 1
    guard let scale = header.number(at: isLong ? 20 : 12, 4), scale > 0,
      let units = header.number(at: isLong ? 24 : 16, isLong ? 8 : 4), units < 1 << 50,
      // All ones: not known.
      units != 0xffff_ffff
    else { return nil }
    return Int(units * 1000 / scale)
  }

  /// Pixels, as they are shown: a film that is turned by a quarter has them exchanged.
  private static func size(_ header: [UInt8]) -> (Int, Int)? {
    let matrix = header.first == 1 ? 52 : 40
    guard let width = header.number(at: matrix + 36, 4),
      let height = header.number(at: matrix + 40, 4),
      let first = header.number(at: matrix, 4), let second = header.number(at: matrix + 4, 4)
    else { return nil }
    let (wide, high) = (Int(width >> 16), Int(height >> 16))
    guard wide > 0, high > 0 else { return nil }
    return first == 0 && second != 0 ? (high, wide) : (wide, high)
  }
}
