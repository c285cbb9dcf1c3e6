/// What the host is, as far as a library must fit it.
package struct HostFacts: Sendable {
  /// `e_machine` of the host's own program.
  package var machine: UInt16
  package var abiMajor: Int
  package var abiMinor: Int
  /// Ids of the extensions that the host offers.
  package var extensions: Set<String>
  /// The Swift runtime that the host itself runs on, nil when it carries one inside.
  package var swiftRuntime: SwiftRuntime?

  /// A directory of Swift runtime libraries, and what they offer.
  package struct SwiftRuntime: Sendable {
    package var directory: String
    /// True when the directory has the library, or the process has it loaded.
    package var hasLibrary: @Sendable (String) -> Bool
    /// The first of these symbols that none of these libraries offers, nil when all are there.
    package var firstMissing: @Sendable (_ symbols: [String], _ libraries: [String]) -> String?

    package init(
      directory: String, hasLibrary: @escaping @Sendable (String) -> Bool,
      firstMissing: @escaping @Sendable (_ symbols: [String], _ libraries: [String]) -> String?
    ) {
      self.directory = directory
      self.hasLibrary = hasLibrary
      self.firstMissing = firstMissing
    }
  }

  package init(
    machine: UInt16, abiMajor: Int = 1, abiMinor: Int = 0, extensions: Set<String> = [],
    swiftRuntime: SwiftRuntime?
  ) {
    self.machine = machine
    self.abiMajor = abiMajor
    self.abiMinor = abiMinor
    self.extensions = extensions
    self.swiftRuntime = swiftRuntime
  }

  /// The key of `library:` in manifests: `linux-x86_64`.
  package var platform: String { "linux-\(ELFImage.machineName(machine))" }
}
