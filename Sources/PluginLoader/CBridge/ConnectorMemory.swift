internal import CPatchbay
internal import ConnectorModel
internal import Ports

/// Copies what a connector hands over, and believes nothing of it.
///
/// A pointer that points nowhere cannot be noticed in this process; everything else is checked, and named by
/// the rule of docs/abi.md that it breaks.
struct ConnectorMemory {
  enum Maximum {
    /// Bytes of one payload, and of all that a turn hands over.
    static let payloadBytes = 64 << 20
    static let textBytes = 64 << 10
    static let pairs = 1024
    static let parts = 256
    /// A struct from any future minor is smaller.
    static let structBytes = 64 << 10
  }

  private var bytesLeft = Maximum.payloadBytes

  /// The struct behind a pointer, after a look at its first field.
  func structure<Value>(_ pointer: UnsafePointer<Value>?, _ what: String) throws(RuleViolation) -> Value {
    guard let pointer = unsafe pointer else { throw RuleViolation("M-4", "\(what) is NULL") }
    guard UInt(bitPattern: pointer) % 8 == 0 else { throw RuleViolation("M-6", "\(what) is not aligned") }
    let size = unsafe Int(UnsafeRawPointer(pointer).load(as: UInt32.self))
    guard size >= MemoryLayout<Value>.size, size <= Maximum.structBytes else {
      throw RuleViolation(
        "M-6", "\(what) has struct_size \(size), not \(MemoryLayout<Value>.size) or somewhat more")
    }
    return unsafe pointer.pointee
  }

  mutating func bytes(
    _ value: patchbay_bytes, _ what: String, maximum: Int = Maximum.payloadBytes
  ) throws(RuleViolation) -> [UInt8] {
    let buffer = unsafe UnsafeBufferPointer(
      start: value.ptr, count: try admit(value.ptr == nil, value.len, what, maximum))
    return unsafe Array(buffer)
  }

  mutating func text(_ value: patchbay_str, _ what: String) throws(RuleViolation) -> String {
    let length = try admit(unsafe value.ptr == nil, unsafe value.len, what, Maximum.textBytes)
    guard length > 0, let start = unsafe value.ptr else { return "" }
    let bytes = unsafe UnsafeBufferPointer(
      start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: length)
    guard let text = unsafe try? UTF8Span(validating: bytes.span) else {
      throw RuleViolation("M-8", "\(what) is not UTF-8")
    }
    return String(copying: text)
  }

  mutating func json(_ value: patchbay_bytes, _ what: String) throws(RuleViolation) -> [UInt8] {
    let bytes = unsafe try bytes(value, what)
    guard JSONSyntax.isValid(bytes) else { throw RuleViolation("P-2", "\(what) is not one JSON value") }
    return bytes
  }

  mutating func pairs(
    _ pointer: UnsafePointer<patchbay_pair>?, _ count: Int, _ what: String
  ) throws(RuleViolation) -> [HeaderField] {
    if count == 0 { return [] }
    guard count > 0, count <= Maximum.pairs else {
      throw RuleViolation("M-9", "\(what) has \(count) entries, over \(Maximum.pairs)")
    }
    guard let pointer = unsafe pointer else { throw RuleViolation("M-4", "\(what) is NULL with entries") }
    guard UInt(bitPattern: pointer) % 8 == 0 else { throw RuleViolation("M-6", "\(what) is not aligned") }
    var fields: [HeaderField] = []
    fields.reserveCapacity(count)
    for index in 0..<count {
      let pair = unsafe pointer[index]
      fields.append(
        HeaderField(
          unsafe try text(pair.name, "a name in \(what)"), unsafe try text(pair.value, "a value in \(what)")))
    }
    return fields
  }

  /// Refuses flags that must be understood and are not.
  func flags(_ flags: UInt64, known: UInt64, _ what: String) throws(RuleViolation) {
    guard (flags & ~known) >> 32 == 0 else {
      throw RuleViolation("M-5", "\(what) has flags that this host must understand and does not")
    }
  }

  /// The checked length of bytes that are about to be copied.
  private mutating func admit(
    _ isNull: Bool, _ length: Int, _ what: String, _ maximum: Int
  ) throws(RuleViolation) -> Int {
    if length == 0 { return 0 }
    if isNull { throw RuleViolation("M-4", "\(what) is NULL with a length of \(UInt(bitPattern: length))") }
    guard length > 0, length <= maximum else {
      throw RuleViolation("M-9", "\(what) has \(UInt(bitPattern: length)) bytes, over \(maximum)")
    }
    guard length <= bytesLeft else {
      throw RuleViolation("M-9", "the turn hands over more than \(Maximum.payloadBytes) bytes")
    }
    bytesLeft -= length
    return length
  }
}
