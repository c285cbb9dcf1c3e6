internal import Glibc

/// A mapped shared library.
///
/// Never unmapped, not even after a failed handshake: the Swift runtime and the library's own threads keep
/// pointers into it.
@safe struct SharedLibrary: @unchecked Sendable {
  // Safe to share: a handle is only read, and dlsym may be called from any thread.
  private let handle: UnsafeMutableRawPointer

  /// Calls `dlopen(RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)`; runs the library's constructors.
  ///
  /// - Throws: what the dynamic loader said.
  init(opening path: String) throws(DynamicLoaderFailure) {
    guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      throw DynamicLoaderFailure(message: Self.lastError())
    }
    unsafe self.handle = handle
  }

  /// The library if the process has it already, by its path or its SONAME.
  init?(loaded name: String) {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD) else { return nil }
    unsafe self.handle = handle
  }

  /// Calls `dlsym`; searches the library and what it needs.
  func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(handle, name) }

  private static func lastError() -> String {
    guard let message = unsafe dlerror() else { return "unknown" }
    return unsafe String(cString: message)
  }
}

struct DynamicLoaderFailure: Error {
  var message: String
}
