#if canImport(Glibc)
  internal import Glibc
#endif

/// The directory that holds everything a host keeps.
package enum StateDirectory {
  /// `--state`, else `PATCHBAY_STATE`, else `$XDG_STATE_HOME/patchbay`, else `~/.local/state/patchbay`.
  package static func path(flag: String?, environment: [String: String]) -> String {
    if let flag { return flag }
    if let path = environment["PATCHBAY_STATE"], !path.isEmpty { return path }
    if let base = environment["XDG_STATE_HOME"], !base.isEmpty { return base + "/patchbay" }
    return (environment["HOME"] ?? "") + "/.local/state/patchbay"
  }

  /// Makes the directory and its parents; the last one is the owner's alone.
  ///
  /// Calls `mkdir`.
  package static func make(_ path: String) throws(RuntimeError) {
    var made = path.hasPrefix("/") ? "" : "."
    for component in path.split(separator: "/") {
      made += "/" + component
      guard unsafe mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      throw RuntimeError(
        "the state directory \(path) cannot be made: \(unsafe String(cString: strerror(errno))); name another with --state"
      )
    }
  }
}
