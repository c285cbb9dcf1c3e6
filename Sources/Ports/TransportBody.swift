/// What a request carries, piece by piece; what lies in files is read while it is sent.
package struct TransportBody: Sendable, Equatable {
  /// One piece.
  package struct Segment: Sendable, Equatable {
    package var content: StoredBlob.Content
    /// Into the content, in bytes.
    package var offset: UInt64
    /// Of the content, in bytes.
    package var length: UInt64
    /// Goes on the wire as base64 text.
    package var isBase64: Bool

    package init(
      _ content: StoredBlob.Content, offset: UInt64, length: UInt64, isBase64: Bool = false
    ) {
      self.content = content
      self.offset = offset
      self.length = length
      self.isBase64 = isBase64
    }

    package init(_ bytes: [UInt8], isBase64: Bool = false) {
      self.init(.bytes(bytes), offset: 0, length: UInt64(bytes.count), isBase64: isBase64)
    }

    /// Bytes on the wire.
    package var wireLength: UInt64 { isBase64 ? (length + 2) / 3 * 4 : length }

    /// The bytes in memory, before any encoding; nil for a file.
    package var inlineBytes: [UInt8]? {
      guard case .bytes(let bytes) = content else { return nil }
      return Array(bytes.dropFirst(Int(clamping: offset)).prefix(Int(clamping: length)))
    }
  }

  package private(set) var segments: [Segment] = []

  package init() {}

  package init(_ bytes: [UInt8]) { append(Segment(bytes)) }

  /// Plain bytes in memory join those before them.
  package mutating func append(_ segment: Segment) {
    guard !segment.isBase64, let bytes = segment.inlineBytes, let last = segments.last,
      !last.isBase64,
      let earlier = last.inlineBytes
    else { return segments.append(segment) }
    segments[segments.count - 1] = Segment(earlier + bytes)
  }

  /// Bytes on the wire, known before the first is sent.
  package var count: UInt64 { segments.reduce(0) { $0 + $1.wireLength } }

  /// All of it, when it is nothing but plain bytes in memory.
  package var inlineBytes: [UInt8]? {
    guard let segment = segments.first else { return [] }
    return segments.count == 1 && !segment.isBase64 ? segment.inlineBytes : nil
  }
}
