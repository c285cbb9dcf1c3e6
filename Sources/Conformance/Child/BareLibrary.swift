internal import CProbe

/// A library opened without the host's loader, its functions called without the host's bridge.
///
/// `@unchecked Sendable`: pointers into a library that is never unmapped.
@safe struct BareLibrary: @unchecked Sendable {
  private let library: UnsafeMutableRawPointer
  private let entry: UnsafeMutableRawPointer

  /// What a call came to.
  struct Answer: Sendable, Equatable {
    var status: Int32 = 0
    var code: Int32 = 0
    var completes: UInt32 = 0
    var fails: UInt32 = 0
    /// Pushes that a call outside a turn must not make.
    var others: UInt32 = 0
    /// Bytes of the pointer into the input that `fail` gave.
    var pointerLength = 0
    /// What it completed with, or the message it failed with.
    var bytes: [UInt8] = []
  }

  /// Calls `dlopen`.
  ///
  /// - Returns: nil and the loader's words when it cannot be opened, or lacks its entry.
  static func open(_ path: String) -> (library: BareLibrary?, reason: String) {
    var error: UnsafePointer<CChar>?
    guard let library = unsafe probe_library(path, &error) else {
      return (nil, unsafe error.map { unsafe String(cString: $0) } ?? "unknown")
    }
    guard let entry = unsafe probe_symbol(library, "patchbay_connector_entry_v1") else {
      return (nil, "it has no patchbay_connector_entry_v1")
    }
    return (unsafe BareLibrary(library: library, entry: entry), "")
  }

  private init(library: UnsafeMutableRawPointer, entry: UnsafeMutableRawPointer) {
    unsafe self.library = library
    unsafe self.entry = entry
  }

  /// Calls the entry; nil when it refuses.
  func enter(hostMinor: UInt16) -> (table: BareTable?, answer: Answer) {
    var answer = unsafe probe_answer()
    let table = unsafe probe_entry(entry, hostMinor, &answer)
    return (unsafe table.map { unsafe BareTable($0) }, unsafe Answer(answer))
  }
}

/// A connector's table, called directly.
///
/// `@unchecked Sendable`: as the library.
@safe struct BareTable: @unchecked Sendable {
  private let pointer: UnsafeRawPointer

  init(_ pointer: UnsafeRawPointer) { unsafe self.pointer = pointer }

  func isSame(as other: BareTable) -> Bool { unsafe pointer == other.pointer }

  /// What it says, read without believing it.
  struct Facts: Sendable {
    var structSize: Int
    var major: Int
    var minor: Int
    var flags: UInt64
    /// Names of the functions that are NULL.
    var emptySlots: [String]
    var isAligned: Bool
    var isWritable: Bool
  }

  private static let slots = ["describe", "create", "destroy", "begin", "resume", "end", "extension"]

  var facts: Facts {
    var facts = probe_table()
    unsafe probe_read_table(pointer, &facts)
    return Facts(
      structSize: Int(facts.struct_size), major: Int(facts.major), minor: Int(facts.minor),
      flags: facts.flags,
      emptySlots: Self.slots.indices.filter { facts.null_slots & (1 << $0) != 0 }.map { Self.slots[$0] },
      isAligned: facts.is_aligned != 0, isWritable: facts.is_writable != 0)
  }

  var digest: UInt64 { unsafe probe_table_digest(pointer) }

  func describe() -> BareLibrary.Answer {
    var answer = unsafe probe_answer()
    unsafe probe_describe(pointer, &answer)
    return unsafe BareLibrary.Answer(answer)
  }

  func create(_ configuration: [UInt8]) -> (instance: BareInstance?, answer: BareLibrary.Answer) {
    var answer = unsafe probe_answer()
    let made = unsafe configuration.withUnsafeBytes { bytes in
      unsafe probe_create(
        pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &answer)
    }
    return (unsafe made.map { unsafe BareInstance($0) }, unsafe BareLibrary.Answer(answer))
  }

  func destroy(_ instance: BareInstance) { unsafe probe_destroy(pointer, instance.pointer) }

  /// Extensions that instances made here asked the host for.
  static var askedExtensions: [String] {
    unsafe String(cString: probe_asked_extensions()).split(separator: "\n").map(String.init)
  }

  func hasExtension(_ id: String) -> Bool {
    let bytes = Array(id.utf8)
    return unsafe bytes.withUnsafeBytes { buffer in
      unsafe probe_extension(
        pointer, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count) != nil
    }
  }
}

/// The connector's, from create to destroy.
///
/// `@unchecked Sendable`: it may be used on any thread, by one at a time.
@safe struct BareInstance: @unchecked Sendable {
  fileprivate let pointer: UnsafeMutableRawPointer
  fileprivate init(_ pointer: UnsafeMutableRawPointer) { unsafe self.pointer = pointer }
}

extension BareLibrary.Answer {
  fileprivate init(_ answer: probe_answer) {
    status = unsafe answer.status
    code = unsafe answer.code
    completes = unsafe answer.completes
    fails = unsafe answer.fails
    others = unsafe answer.others
    pointerLength = Int(clamping: unsafe answer.pointer_length)
    bytes = unsafe Array(UnsafeBufferPointer(start: answer.bytes, count: answer.length))
  }
}
