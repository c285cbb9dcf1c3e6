/// The headers of an answer, as the host lent them or as a list.
///
/// Few connectors look at headers, and each would be two strings: they are copied in one piece and taken apart when
/// somebody asks.
struct HeaderBlock: Sendable, Equatable {
  private enum Content: Sendable {
    case list([HeaderField])
    /// For each field the lengths of name and value, eight bytes each, then both.
    case packed([UInt8])
  }

  private let content: Content

  init(_ fields: [HeaderField]) { content = .list(fields) }

  /// - Parameter packed: as ``init(borrowed:count:)`` makes it.
  init(packed: [UInt8]) { content = packed.isEmpty ? .list([]) : .packed(packed) }

  static let lengthBytes = MemoryLayout<Int>.size

  var fields: [HeaderField] {
    switch content {
    case .list(let fields): return fields
    case .packed(let bytes):
      var fields: [HeaderField] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let (name, value) = (Self.takeLength(&rest), Self.takeLength(&rest))
        fields.append(HeaderField(Self.takeText(name, &rest), Self.takeText(value, &rest)))
      }
      return fields
    }
  }

  static func == (one: HeaderBlock, other: HeaderBlock) -> Bool { one.fields == other.fields }

  private static func takeLength(_ rest: inout ArraySlice<UInt8>) -> Int {
    defer { rest = rest.dropFirst(lengthBytes) }
    return rest.prefix(lengthBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func takeText(_ length: Int, _ rest: inout ArraySlice<UInt8>) -> String {
    defer { rest = rest.dropFirst(length) }
    return String(decoding: rest.prefix(length), as: UTF8.self)
  }
}
