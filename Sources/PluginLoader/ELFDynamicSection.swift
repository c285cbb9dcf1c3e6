/// Where the file's parts will stand in memory: `PT_LOAD`, and where `PT_DYNAMIC` is.
struct ELFSegments {
  private struct Load {
    let address: UInt64
    let offset: UInt64
    let size: UInt64
  }

  private var loads: [Load] = []
  private(set) var dynamicOffset: UInt64 = 0
  private(set) var dynamicSize: UInt64 = 0
  /// Without `PT_GNU_STACK` the loader makes stacks executable.
  private(set) var hasExecutableStack = true
  private(set) var hasRELRO = false

  init(_ file: ELFBytes) throws(ELFProblem) {
    guard let table = file.u64(32), let entrySize = file.u16(54), let count = file.u16(56) else {
      throw .malformed("its header is cut off")
    }
    let total = UInt64(entrySize) * UInt64(count)
    guard entrySize >= 56, count > 0, UInt64(count) <= ELFImage.Maximum.segments, file.holds(table, total)
    else { throw .malformed("its program headers lie outside the file") }
    for index in 0..<UInt64(count) {
      let header = table + index * UInt64(entrySize)
      guard let kind = file.u32(header), let offset = file.u64(header + 8),
        let address = file.u64(header + 16), let size = file.u64(header + 32)
      else { throw .malformed("its program headers lie outside the file") }
      if kind == 0x6474_E551, let flags = file.u32(header + 4) { hasExecutableStack = flags & 1 != 0 }
      if kind == 0x6474_E552 { hasRELRO = true }
      guard kind == 1 || kind == 2 else { continue }
      guard file.holds(offset, size) else { throw .malformed("a segment lies outside the file") }
      if kind == 1 {
        loads.append(Load(address: address, offset: offset, size: size))
      } else {
        (dynamicOffset, dynamicSize) = (offset, size)
      }
    }
    guard dynamicSize > 0 else { throw .malformed("it has no dynamic section") }
  }

  /// The place in the file of `length` bytes that will stand at `address`.
  func offset(of address: UInt64, length: UInt64) throws(ELFProblem) -> UInt64 {
    for load in loads where address >= load.address {
      let distance = address - load.address
      if distance <= load.size, length <= load.size - distance { return load.offset + distance }
    }
    throw .malformed("a table of its dynamic section lies outside the file")
  }
}

/// The entries of the dynamic section that we look at.
struct ELFDynamicSection {
  private(set) var needed: [UInt64] = []
  private(set) var soname: UInt64?
  private(set) var runpath: UInt64?
  private(set) var flags1: UInt64 = 0
  private(set) var relocatesText = false
  private(set) var bindsNow = false
  /// Functions that the loader calls before anybody can call the entry.
  private(set) var initialisers = 0
  private var versions: (address: UInt64, count: UInt64) = (0, 0)
  private(set) var symbols: UInt64 = 0
  private(set) var hash: UInt64?
  private(set) var gnuHash: UInt64?
  /// In the file.
  private var strings: UInt64 = 0
  private var stringsEnd: UInt64 = 0

  init(_ file: ELFBytes, _ segments: ELFSegments) throws(ELFProblem) {
    var rpath: UInt64?
    var stringsAddress: UInt64?
    var stringsSize: UInt64 = 0
    var symbolsAddress: UInt64?
    for index in 0..<min(segments.dynamicSize / 16, ELFImage.Maximum.dynamicEntries) {
      let entry = segments.dynamicOffset + index * 16
      guard let tag = file.u64(entry), let value = file.u64(entry + 8) else { break }
      if tag == 0 { break }
      switch tag {
      case 1: needed.append(value)
      case 4: hash = value
      case 5: stringsAddress = value
      case 6: symbolsAddress = value
      case 10: stringsSize = value
      case 14: soname = value
      case 15: rpath = value
      case 29: runpath = value
      case 22: relocatesText = true
      case 24: bindsNow = true
      case 27: initialisers = Int(clamping: value / 8)
      case 30:
        relocatesText = relocatesText || value & 4 != 0
        bindsNow = bindsNow || value & 8 != 0
      case 0x6FFF_FEF5: gnuHash = value
      case 0x6FFF_FFFB: flags1 = value
      case 0x6FFF_FFFE: versions.address = value
      case 0x6FFF_FFFF: versions.count = value
      default: break
      }
    }
    bindsNow = bindsNow || flags1 & 1 != 0
    guard let stringsAddress, let symbolsAddress else {
      throw .malformed("its dynamic section has no symbols")
    }
    runpath = runpath ?? rpath
    symbols = symbolsAddress
    strings = try segments.offset(of: stringsAddress, length: stringsSize)
    stringsEnd = strings + stringsSize
  }

  func text(_ file: ELFBytes, _ offset: UInt64) throws(ELFProblem) -> String {
    guard offset < stringsEnd - strings else { throw .malformed("a name lies outside its string table") }
    let start = strings + offset
    let end = min(stringsEnd, start + ELFImage.Maximum.nameBytes)
    guard let text = file.text(start, before: end) else {
      throw .malformed("a name has no end, or is not UTF-8")
    }
    return text
  }

  /// Names of the symbol versions that it expects, such as `GLIBC_2.34`; what cannot be read is left out.
  func neededVersions(_ file: ELFBytes, _ segments: ELFSegments) -> [String] {
    guard versions.address > 0, var entry = try? segments.offset(of: versions.address, length: 16) else {
      return []
    }
    var names: [String] = []
    for _ in 0..<min(versions.count, ELFImage.Maximum.versions) {
      guard let count = file.u16(entry + 2), let first = file.u32(entry + 8), let next = file.u32(entry + 12)
      else { return names }
      var need = entry + UInt64(first)
      for _ in 0..<min(UInt64(count), ELFImage.Maximum.versions) {
        guard let name = file.u32(need + 8), let following = file.u32(need + 12) else { return names }
        if let text = try? text(file, UInt64(name)) { names.append(text) }
        need += UInt64(following)
      }
      entry += UInt64(next)
    }
    return names
  }
}
