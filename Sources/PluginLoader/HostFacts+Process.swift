internal import Glibc

extension HostFacts {
  /// The facts of this process.
  package static func ofThisProcess() -> HostFacts {
    #if arch(x86_64)
      let machine: UInt16 = 62
    #elseif arch(arm64)
      let machine: UInt16 = 183
    #else
      #error("Patchbay runs on x86_64 and aarch64")
    #endif
    return HostFacts(machine: machine, swiftRuntime: .ofThisProcess())
  }
}

extension HostFacts.SwiftRuntime {
  /// The runtime mapped into this process, nil when it is linked in statically.
  static func ofThisProcess() -> HostFacts.SwiftRuntime? {
    guard let core = mappedFiles().first(where: { $0.hasSuffix("/libswiftCore.so") }) else { return nil }
    let directory = String(core.dropLast("/libswiftCore.so".count))
    return HostFacts.SwiftRuntime(
      directory: directory,
      hasLibrary: { name in
        unsafe access("\(directory)/\(name)", R_OK) == 0 || SharedLibrary(loaded: name) != nil
      },
      firstMissing: { symbols, libraries in
        let runtime = libraries.compactMap { open($0, in: directory) }
        return symbols.first { name in
          !runtime.contains { library in unsafe library.symbol(name) != nil }
        }
      })
  }

  /// Opens a library of the host's runtime by its full path, so that a connector's own search path cannot
  /// bring in another toolchain's.
  private static func open(_ name: String, in directory: String) -> SharedLibrary? {
    SharedLibrary(loaded: name) ?? (try? SharedLibrary(opening: "\(directory)/\(name)"))
  }

  /// Paths of the files mapped into this process, from `/proc/self/maps`.
  private static func mappedFiles() -> [String] {
    let descriptor = unsafe Glibc.open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    guard let bytes = try? FileBytes.read(descriptor, expecting: 1 << 16, maximum: 64 << 20) else {
      return []
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      line.firstIndex(of: "/").map { String(line[$0...]) }
    }
  }
}
