internal import Synchronization

/// Where the memory comes from that calls lend to connectors, when it is not the turn's own block.
///
/// Conformance puts memory here that notices what a connector must not do with it. Read when a thread enters a
/// connector for the first time, so it is set before anything is loaded; a host that serves leaves it alone.
@safe package struct LentMemory: Sendable {
  /// A block of so many bytes; structures say so, because they may be given bytes of a later minor.
  package var lend: @Sendable (_ bytes: Int, _ isStructure: Bool) -> UnsafeMutableRawPointer
  /// The block is complete and goes to the connector now.
  package var seal: @Sendable (_ block: UnsafeMutableRawPointer, _ bytes: Int) -> Void
  /// The call has returned.
  package var retire: @Sendable (_ block: UnsafeMutableRawPointer, _ bytes: Int) -> Void

  package init(
    lend: @escaping @Sendable (Int, Bool) -> UnsafeMutableRawPointer,
    seal: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void,
    retire: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void
  ) {
    unsafe self.lend = unsafe lend
    unsafe self.seal = unsafe seal
    unsafe self.retire = unsafe retire
  }

  private static let replacement = Mutex<LentMemory?>(nil)

  /// Takes the place of the turns' own blocks, for the rest of this process.
  package static func replace(by memory: LentMemory) { replacement.withLock { $0 = memory } }

  static var current: LentMemory? { replacement.withLock { $0 } }
}
