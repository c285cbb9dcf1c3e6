/// Decides from a library's ELF file whether this host may load it, before any of its code runs.
package struct LibraryCheck: Sendable {
  package var host: HostFacts

  package init(host: HostFacts) { self.host = host }

  /// Libraries that every supported distribution has; their versions are the dynamic loader's affair.
  private static let systemLibraries: Set<String> = [
    "libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libpthread.so.0", "libdl.so.2",
    "librt.so.1", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1",
  ]

  private static let entryPrefix = "patchbay_connector_entry_v"

  /// - Returns: what is worth telling about a library that may be loaded.
  /// - Throws: what keeps `bytes`, found at `path`, from being loaded.
  package func check(_ bytes: [UInt8], path: String) throws(PluginError) -> [String] {
    let image = try parse(bytes, path: path)
    guard image.machine == host.machine else {
      throw .wrongArchitecture(
        path: path, built: ELFImage.machineName(image.machine), host: ELFImage.machineName(host.machine))
    }
    guard !image.isProgram else { throw .malformed(path: path, what: "it is a program") }
    try checkEntry(image, path: path)
    try checkNeeded(image, path: path)
    return notes(image)
  }

  private func parse(_ bytes: [UInt8], path: String) throws(PluginError) -> ELFImage {
    do throws(ELFProblem) {
      return try ELFImage(parsing: bytes)
    } catch {
      switch error {
      case .notELF: throw .notELF(path: path)
      case .not64Bit:
        throw .wrongArchitecture(
          path: path, built: "a 32-bit machine", host: ELFImage.machineName(host.machine))
      case .bigEndian:
        throw .wrongArchitecture(
          path: path, built: "a big-endian machine", host: ELFImage.machineName(host.machine))
      case .notSharedObject: throw .malformed(path: path, what: "it is an object file or a program")
      case .malformed(let what): throw .malformed(path: path, what: what)
      }
    }
  }

  private func checkEntry(_ image: ELFImage, path: String) throws(PluginError) {
    let majors = image.symbols.compactMap { symbol in
      symbol.isDefined && symbol.isFunction && symbol.name.hasPrefix(Self.entryPrefix)
        ? Int(symbol.name.dropFirst(Self.entryPrefix.count)) : nil
    }
    if majors.contains(host.abiMajor) { return }
    if let other = majors.max() { throw .needsABI(path: path, major: other, host: host.abiMajor) }
    throw .entryMissing(path: path)
  }

  private func checkNeeded(_ image: ELFImage, path: String) throws(PluginError) {
    let others = image.needed.filter { !Self.systemLibraries.contains($0) }
    if let sibling = others.first(where: { !Self.isSwiftRuntime($0) }) {
      throw .needsSibling(path: path, library: sibling)
    }
    guard let first = others.first else { return }
    guard let runtime = host.swiftRuntime else {
      throw .foreignSwiftRuntime(
        path: path, what: "it needs \(first), and the host carries its runtime inside")
    }
    if let absent = others.first(where: { !runtime.hasLibrary($0) }) {
      throw .foreignSwiftRuntime(path: path, what: "\(absent) is not in \(runtime.directory)")
    }
    let expected = image.symbols.filter { !$0.isDefined && !$0.isWeak && Self.isSwiftSymbol($0.name) }
    if let missing = runtime.firstMissing(expected.map(\.name), others) {
      throw .foreignSwiftRuntime(path: path, what: "\(runtime.directory) has no symbol \(missing)")
    }
  }

  private func notes(_ image: ELFImage) -> [String] {
    let others = image.exports.filter { !$0.hasPrefix(Self.entryPrefix) && !Self.isLinkerSymbol($0) }
    guard !others.isEmpty else { return [] }
    return ["exports \(others.count) more symbols than its entry; a version script hides them"]
  }

  /// What a Swift toolchain ships under `usr/lib/swift/linux`.
  static func isSwiftRuntime(_ library: String) -> Bool {
    library.hasPrefix("libswift") || library.hasPrefix("libFoundation") || library.hasPrefix("lib_Foundation")
      || library == "libdispatch.so" || library == "libBlocksRuntime.so"
  }

  private static func isSwiftSymbol(_ name: String) -> Bool {
    name.hasPrefix("$s") || name.hasPrefix("swift_") || name.hasPrefix("_swift")
  }

  private static func isLinkerSymbol(_ name: String) -> Bool {
    ["_edata", "_end", "__bss_start", "_init", "_fini"].contains(name)
  }
}
