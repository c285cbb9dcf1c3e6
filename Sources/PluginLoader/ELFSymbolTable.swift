/// The dynamic symbols of a library.
///
/// The table has no length of its own: it is known from either hash table, which is what the dynamic loader
/// uses too. A library without one cannot be searched for its entry and is refused.
enum ELFSymbolTable {
  private static let entrySize: UInt64 = 24

  static func read(
    _ file: ELFBytes, _ segments: ELFSegments, _ dynamic: ELFDynamicSection
  ) throws(ELFProblem) -> [ELFImage.Symbol] {
    let count = try symbolCount(file, segments, dynamic)
    guard count <= ELFImage.Maximum.symbols else { throw .malformed("it has over a million symbols") }
    let table = try segments.offset(of: dynamic.symbols, length: count * entrySize)
    var symbols: [ELFImage.Symbol] = []
    var nameBytes = 0
    for index in 1..<max(count, 1) {
      let entry = table + index * entrySize
      guard let name = file.u32(entry), let info = file.u8(entry + 4), let other = file.u8(entry + 5),
        let section = file.u16(entry + 6)
      else { throw .malformed("its symbol table lies outside the file") }
      let binding = info >> 4
      let isVisible = other & 3 == 0 || other & 3 == 3
      guard name != 0, binding == 1 || binding == 2 || binding == 10, isVisible else { continue }
      let text = try dynamic.text(file, UInt64(name))
      nameBytes += text.utf8.count
      guard nameBytes <= ELFImage.Maximum.allNameBytes else {
        throw .malformed("its symbols' names overlap")
      }
      symbols.append(
        ELFImage.Symbol(
          name: text, isDefined: section != 0, isWeak: binding == 2,
          isFunction: info & 15 == 2 || info & 15 == 10))
    }
    return symbols
  }

  private static func symbolCount(
    _ file: ELFBytes, _ segments: ELFSegments, _ dynamic: ELFDynamicSection
  ) throws(ELFProblem) -> UInt64 {
    if let hash = dynamic.hash {
      let offset = try segments.offset(of: hash, length: 8)
      guard let chains = file.u32(offset + 4) else { throw .malformed("its hash table is cut off") }
      return UInt64(chains)
    }
    guard let hash = dynamic.gnuHash else { throw .malformed("it has no symbol hash table") }
    return try gnuCount(file, segments, hash)
  }

  /// One past the highest index that a chain of the GNU hash table reaches.
  private static func gnuCount(
    _ file: ELFBytes, _ segments: ELFSegments, _ hash: UInt64
  ) throws(ELFProblem) -> UInt64 {
    let cutOff = ELFProblem.malformed("its hash table is cut off")
    let header = try segments.offset(of: hash, length: 16)
    guard let buckets = file.u32(header), let first = file.u32(header + 4), let words = file.u32(header + 8)
    else { throw cutOff }
    let bucketTable = header + 16 + UInt64(words) * 8
    let chainTable = bucketTable + UInt64(buckets) * 4
    guard file.holds(bucketTable, UInt64(buckets) * 4) else { throw cutOff }
    var highest: UInt32 = 0
    for index in 0..<UInt64(buckets) {
      guard let start = file.u32(bucketTable + index * 4) else { throw cutOff }
      highest = max(highest, start)
    }
    // A library that exports nothing has only empty chains: what stands below `first` is imported.
    guard highest >= first, highest > 0 else { return UInt64(first) }
    var index = UInt64(highest)
    while true {
      guard let link = file.u32(chainTable + (index - UInt64(first)) * 4) else { throw cutOff }
      index += 1
      if link & 1 == 1 { return index }
    }
  }
}
