internal import struct FoundationEssentials.Data

/// Reads a body as it goes on the wire, from any place in it.
///
/// Opens every file when it is made, so that what cannot be read is known before anything is sent. Belongs to one
/// thread, which each read blocks for as long as the disk takes.
package struct TransportBodyReader {
  private struct Source {
    let segment: TransportBody.Segment
    /// Nil for bytes in memory.
    let file: BlobFile?
    /// Of the segment on the wire, in the whole body.
    let start: UInt64
  }

  private let sources: [Source]
  /// Bytes on the wire.
  package let count: UInt64
  private var position: UInt64 = 0
  private var current = 0

  /// - Throws: `missing` or `unavailable` for a file that is not there, or shorter than its range.
  package init(_ body: TransportBody) throws(BlobError) {
    var sources: [Source] = []
    var files: [String: BlobFile] = [:]
    var start: UInt64 = 0
    for segment in body.segments {
      var file: BlobFile?
      if case .file(let path) = segment.content {
        let opened: BlobFile
        if let known = files[path] { opened = known } else { opened = try BlobFile(path) }
        files[path] = opened
        file = opened
        guard segment.offset <= opened.size, segment.length <= opened.size - segment.offset else {
          throw BlobError(
            .unavailable, "the file of a blob is shorter than its record says; check the disk")
        }
      }
      sources.append(Source(segment: segment, file: file, start: start))
      start += segment.wireLength
    }
    self.sources = sources
    count = start
  }

  /// Up to `limit` of the next bytes; none at the end.
  package mutating func read(upTo limit: Int) throws(BlobError) -> [UInt8] {
    while current < sources.count,
      position == sources[current].start + sources[current].segment.wireLength
    {
      current += 1
    }
    guard current < sources.count, limit > 0 else { return [] }
    let source = sources[current]
    let within = position - source.start
    let length = Int(min(UInt64(limit), source.segment.wireLength - within))
    let bytes = try Self.wireBytes(of: source, from: within, count: length)
    guard bytes.count == length else {
      throw BlobError(
        .unavailable, "the file of a blob became shorter while it was read; check the disk")
    }
    position += UInt64(length)
    return bytes
  }

  /// Goes on from another place; false when the body has none such.
  package mutating func seek(to place: UInt64) -> Bool {
    guard place <= count else { return false }
    position = place
    current = sources.lastIndex { $0.start <= place } ?? 0
    return true
  }

  private static func wireBytes(of source: Source, from place: UInt64, count: Int) throws(BlobError)
    -> [UInt8]
  {
    let segment = source.segment
    guard segment.isBase64 else { return try raw(source, from: place, count: count) }
    // Four characters stand for three bytes, wherever a read begins and ends.
    let skipped = Int(place % 4)
    let begin = place / 4 * 3
    let groups = (UInt64(skipped + count) + 3) / 4
    let bytes = try raw(source, from: begin, count: Int(min(groups * 3, segment.length - begin)))
    return Array(Data(bytes).base64EncodedData().dropFirst(skipped).prefix(count))
  }

  private static func raw(_ source: Source, from place: UInt64, count: Int) throws(BlobError)
    -> [UInt8]
  {
    let offset = source.segment.offset + place
    switch source.segment.content {
    case .file: return try source.file?.read(at: offset, count: count) ?? []
    case .bytes(let bytes): return Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
    }
  }
}

extension TransportBody {
  /// All bytes as they go on the wire, in memory: for platforms of tests.
  package func wireBytes() throws(BlobError) -> [UInt8] {
    var reader = try TransportBodyReader(self)
    var bytes: [UInt8] = []
    while bytes.count < reader.count { bytes += try reader.read(upTo: 1 << 20) }
    return bytes
  }
}
