internal import CProbe

/// Texts in files of many megabytes.
enum ByteSearch {
  static func contains(_ text: String, in bytes: [UInt8]) -> Bool {
    !positions(of: text, in: bytes, atMost: 1).isEmpty
  }

  /// Where `text` begins, in order; calls `memmem`.
  static func positions(of text: String, in bytes: [UInt8], atMost limit: Int = 10_000) -> [Int] {
    let wanted = Array(text.utf8)
    var found: [Int] = []
    var from = 0
    while found.count < limit {
      let position = unsafe bytes.withUnsafeBytes { buffer in
        unsafe wanted.withUnsafeBytes { text in
          unsafe probe_find(buffer.baseAddress, buffer.count, text.baseAddress, text.count, from)
        }
      }
      guard position < bytes.count else { break }
      found.append(position)
      from = position + 1
    }
    return found
  }
}
