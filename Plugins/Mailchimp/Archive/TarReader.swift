/// Reads the plain files of a tape archive (POSIX ustar); their names are not looked at.
enum TarReader {
  private static let block = 512

  /// The contents, in order.
  static func files(_ bytes: [UInt8]) throws(ArchiveFault) -> [ArraySlice<UInt8>] {
    var files: [ArraySlice<UInt8>] = []
    var place = 0
    while place + block <= bytes.count {
      let head = bytes[place..<place + block]
      // The end is two blocks of zeros; one is enough to stop.
      if head.allSatisfy({ $0 == 0 }) { return files }
      try check(head)
      let size = try octal(head[(place + 124)..<(place + 136)])
      let start = place + block
      guard size <= bytes.count - start else { throw .truncated }
      // Folders, links and extended headers hold no results.
      if [0, UInt8(ascii: "0")].contains(head[place + 156]) { files.append(bytes[start..<start + size]) }
      place = start + (size + block - 1) / block * block
    }
    throw .truncated
  }

  private static func check(_ head: ArraySlice<UInt8>) throws(ArchiveFault) {
    let field = (head.startIndex + 148)..<(head.startIndex + 156)
    let sum = head.indices.reduce(0) { $0 + (field.contains($1) ? 32 : Int(head[$1])) }
    guard try octal(head[field]) == sum else { throw .malformed("a header's checksum is wrong") }
  }

  private static func octal(_ field: ArraySlice<UInt8>) throws(ArchiveFault) -> Int {
    let digits = field.drop { $0 == 32 }.prefix { $0 != 0 && $0 != 32 }
    guard !digits.isEmpty, digits.count <= 12, digits.allSatisfy({ (48...55).contains($0) }) else {
      throw .malformed("a header's number is none")
    }
    return digits.reduce(0) { $0 << 3 | Int($1 - 48) }
  }
}
