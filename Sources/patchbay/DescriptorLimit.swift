#if canImport(Glibc)
  internal import Glibc
#endif

/// How many files and sockets the process may have open.
enum DescriptorLimit {
  /// Raises the soft limit, often 1,024, to the hard one: idle clients alone could use it up.
  ///
  /// Calls `getrlimit` and `setrlimit`.
  static func raise() {
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard unsafe getrlimit(kind, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(kind, &limit)
  }
}
