internal import Secrets

#if canImport(Glibc)
  internal import Glibc
#endif

/// What a process that opens secrets does about itself before it opens any.
enum ProcessSecrets {
  /// A crash leaves no core file, which would hold every secret in memory; calls `setrlimit`.
  static func keepFromCoreFiles() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }

  /// The value of `PATCHBAY_MASTER_KEY`, which is then gone from the environment: connectors run in this process.
  ///
  /// Calls `getenv` and `unsetenv`; to be called before there are other threads.
  static func takeMasterKey() -> Secret? {
    guard let text = unsafe getenv("PATCHBAY_MASTER_KEY") else { return nil }
    let key = unsafe String(cString: text)
    unsafe unsetenv("PATCHBAY_MASTER_KEY")
    return key.isEmpty ? nil : Secret(key)
  }
}
