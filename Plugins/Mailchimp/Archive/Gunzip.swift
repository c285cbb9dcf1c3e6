/// Reads gzip (RFC 1952): one member, whose checksum and length must be right.
enum Gunzip {
  /// - Parameter limit: bytes that may come out.
  static func expand(_ bytes: [UInt8], atMost limit: Int) throws(ArchiveFault) -> [UInt8] {
    let body = try skipHead(bytes)
    let (output, used) = try Inflate.expand(bytes[body...], atMost: limit)
    let tail = bytes[(body + used)...]
    guard tail.count >= 8 else { throw .truncated }
    guard number(tail.prefix(4)) == CRC32.of(output) else { throw .malformed("the checksum is wrong") }
    guard number(tail.dropFirst(4).prefix(4)) == UInt32(truncatingIfNeeded: output.count) else {
      throw .malformed("the length is wrong")
    }
    return output
  }

  /// Where the deflated data begins.
  private static func skipHead(_ bytes: [UInt8]) throws(ArchiveFault) -> Int {
    guard bytes.count >= 18 else { throw .truncated }
    guard bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8 else { throw .malformed("it is no gzip file") }
    let flags = bytes[3]
    var place = 10
    if flags & 4 != 0 { place += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
    for flag in [8, 16] as [UInt8] where flags & flag != 0 {
      guard place < bytes.count, let end = bytes[place...].firstIndex(of: 0) else { throw .truncated }
      place = end + 1
    }
    if flags & 2 != 0 { place += 2 }
    guard place < bytes.count else { throw .truncated }
    return place
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
