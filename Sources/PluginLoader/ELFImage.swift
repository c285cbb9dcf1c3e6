/// What the host must know of a shared library before it lets the dynamic loader touch it.
///
/// Read from the file's bytes alone; nothing runs. Source: System V ABI, "Object Files"; gABI draft 2013.
package struct ELFImage: Sendable, Equatable {
  package struct Symbol: Sendable, Equatable {
    package var name: String
    /// False: the library expects it from elsewhere.
    package var isDefined: Bool
    package var isWeak: Bool
    package var isFunction: Bool
  }

  /// `e_machine`: 62 is x86-64, 183 is AArch64.
  package var machine: UInt16
  /// A program that happens to be position-independent, not a library.
  package var isProgram: Bool
  /// `DT_NEEDED`, in order.
  package var needed: [String]
  package var soname: String?
  package var runpath: String?
  /// The global dynamic symbols: what it exports and what it expects.
  package var symbols: [Symbol]
  /// It changes its own code when it is loaded.
  package var relocatesText: Bool
  package var hasExecutableStack: Bool
  /// What the loader filled in is read-only afterwards.
  package var hasRELRO: Bool
  /// Every symbol is resolved when it is loaded.
  package var bindsNow: Bool
  /// How many functions the loader calls before the entry can be called; a toolchain has one or two of its own.
  package var initialisers: Int
  /// Symbol versions that it expects of other libraries, such as `GLIBC_2.34`.
  package var neededVersions: [String]

  /// Names of the functions and data that it offers to others.
  package var exports: [String] { symbols.lazy.filter(\.isDefined).map(\.name) }

  /// The usual name of a machine, or its number.
  package static func machineName(_ machine: UInt16) -> String {
    switch machine {
    case 3: "i386"
    case 40: "arm"
    case 62: "x86_64"
    case 183: "aarch64"
    case 243: "riscv64"
    default: "machine \(machine)"
    }
  }
}

/// Why a file is not a library that this host could read.
package enum ELFProblem: Error, Sendable, Equatable {
  case notELF
  case not64Bit
  case bigEndian
  /// An object file, a core dump or a fixed-address program.
  case notSharedObject
  /// An offset or a size that the file does not cover.
  case malformed(String)
}

extension ELFImage {
  /// Bounds that no honest connector reaches.
  enum Maximum {
    static let segments: UInt64 = 256
    static let dynamicEntries: UInt64 = 4096
    static let symbols: UInt64 = 1 << 20
    static let versions: UInt64 = 256
    static let nameBytes: UInt64 = 32 << 10
    static let allNameBytes = 64 << 20
  }

  /// Parses a library.
  ///
  /// Takes bounded time, however hostile the file: names that overlap are counted each time they are read.
  package init(parsing bytes: [UInt8]) throws(ELFProblem) {
    let file = ELFBytes(bytes)
    guard file.u32(0) == 0x464C_457F else { throw .notELF }
    guard file.u8(4) == 2 else { throw .not64Bit }
    guard file.u8(5) == 1 else { throw .bigEndian }
    guard let type = file.u16(16), let machine = file.u16(18), file.holds(0, 64) else {
      throw .malformed("its header is cut off")
    }
    guard type == 3 else { throw .notSharedObject }
    guard Self.isWhole(file) else {
      throw .malformed("it is cut off: its last part, the section table, is missing")
    }
    let segments = try ELFSegments(file)
    let dynamic = try ELFDynamicSection(file, segments)
    self.machine = machine
    isProgram = dynamic.flags1 & 0x0800_0000 != 0
    needed = try dynamic.needed.map { offset throws(ELFProblem) in try dynamic.text(file, offset) }
    soname = try dynamic.soname.map { offset throws(ELFProblem) in try dynamic.text(file, offset) }
    runpath = try dynamic.runpath.map { offset throws(ELFProblem) in try dynamic.text(file, offset) }
    symbols = try ELFSymbolTable.read(file, segments, dynamic)
    relocatesText = dynamic.relocatesText
    hasExecutableStack = segments.hasExecutableStack
    hasRELRO = segments.hasRELRO
    bindsNow = dynamic.bindsNow
    initialisers = dynamic.initialisers
    neededVersions = dynamic.neededVersions(file, segments)
  }

  /// A copy that stopped halfway may still be mapped; the section headers come last, where there are any.
  private static func isWhole(_ file: ELFBytes) -> Bool {
    guard let offset = file.u64(40), let size = file.u16(58), let count = file.u16(60) else { return false }
    return offset == 0 || file.holds(offset, UInt64(size) * UInt64(count))
  }
}
