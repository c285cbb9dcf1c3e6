/// The bytes of an ELF file, read only where they exist.
///
/// Little-endian, as every platform we run on. Each read says nil beyond the end; no offset of the file is
/// trusted, sums of offsets never overflow.
struct ELFBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: UInt64 { UInt64(bytes.count) }

  func u8(_ offset: UInt64) -> UInt8? {
    offset < count ? bytes[Int(offset)] : nil
  }

  func u16(_ offset: UInt64) -> UInt16? { load(offset) }
  func u32(_ offset: UInt64) -> UInt32? { load(offset) }
  func u64(_ offset: UInt64) -> UInt64? { load(offset) }

  /// True when `length` bytes follow `offset`.
  func holds(_ offset: UInt64, _ length: UInt64) -> Bool {
    offset <= count && length <= count - offset
  }

  /// The text from `offset` to its NUL, which must come before `end`.
  func text(_ offset: UInt64, before end: UInt64) -> String? {
    guard offset < end, end <= count else { return nil }
    let tail = bytes[Int(offset)..<Int(end)]
    guard let terminator = tail.firstIndex(of: 0) else { return nil }
    return String(validating: tail[..<terminator], as: UTF8.self)
  }

  private func load<Value: FixedWidthInteger & UnsignedInteger>(_ offset: UInt64) -> Value? {
    let size = MemoryLayout<Value>.size
    guard holds(offset, UInt64(size)) else { return nil }
    let start = Int(offset)
    var value: Value = 0
    for index in 0..<size { value |= Value(bytes[start + index]) &<< Value(8 * index) }
    return value
  }
}
