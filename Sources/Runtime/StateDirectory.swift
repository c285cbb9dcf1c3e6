#if canImport(Glibc)
  internal import Glibc
#endif

/// The directory that holds everything a host keeps.
package enum StateDirectory {
  /// `--state`, else `PATCHBAY_STATE`, else `$XDG_STATE_HOME/patchbay`, else `~/.local/state/patchbay`.
  ///
  /// - Throws: `RuntimeError` when nothing says where.
  package static func path(flag: String?, environment: [String: String]) throws(RuntimeError) -> String {
    if let flag { return flag }
    if let path = environment["PATCHBAY_STATE"], !path.isEmpty { return path }
    if let base = environment["XDG_STATE_HOME"], !base.isEmpty { return base + "/patchbay" }
    if let home = environment["HOME"], !home.isEmpty { return home + "/.local/state/patchbay" }
    throw RuntimeError("HOME is not set, so there is no state directory; name one with --state")
  }

  /// The embedded store of a state directory.
  package static func store(in state: String) -> String { state + "/patchbay.sqlite" }

  /// Media and large bodies.
  package static func blobs(in state: String) -> String { state + "/blobs" }

  /// Makes the directory and its parents; the last one is the owner's alone.
  ///
  /// Calls `mkdir` and `stat`.
  package static func make(_ path: String) throws(RuntimeError) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      made += "/" + component
      guard unsafe mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      throw failure(path, errno)
    }
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else { throw failure(path, errno) }
    guard facts.st_mode & S_IFMT == S_IFDIR else { throw failure(path, ENOTDIR) }
  }

  private static func failure(_ path: String, _ code: Int32) -> RuntimeError {
    let reason = unsafe String(cString: strerror(code))
    return RuntimeError("the state directory \(path) cannot be made: \(reason); name another with --state")
  }
}
