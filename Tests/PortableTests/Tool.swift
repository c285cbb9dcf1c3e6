import Glibc

/// A program that tests run in a child process.
struct Tool {
  let path: String

  /// The first `name` on the `PATH`, nil when there is none.
  init?(named name: String) {
    let paths = Self.searchPath.split(separator: ":").map { "\($0)/\(name)" }
    guard let path = paths.first(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
    self.path = path
  }

  private static var searchPath: String {
    unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
  }

  /// Runs it to its end, which the caller must have bounded; what it prints goes to the file `log`.
  ///
  /// - Returns: its exit code, 128 + the signal's number when one ended it, -1 when it did not start.
  func run(_ arguments: [String], log: String) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Threads of this project block all signals, and a child must not inherit that.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? "/tmp"
    var argv = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var environment = unsafe [strdup("PATH=\(Self.searchPath)"), strdup("HOME=\(home)"), nil]
    defer { unsafe (argv + environment).forEach { unsafe free($0) } }
    var pid: pid_t = 0
    guard unsafe posix_spawn(&pid, path, &actions, &attributes, &argv, &environment) == 0 else { return -1 }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
