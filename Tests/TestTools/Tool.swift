internal import Glibc

/// A program of this machine that tests run: a compiler.
package struct Tool {
  package let path: String

  /// The program at `path`, nil when it cannot be executed.
  package init?(path: String) {
    guard unsafe access(path, X_OK) == 0 else { return nil }
    self.path = path
  }

  /// The first `name` on the `PATH`, nil when there is none.
  package init?(named name: String) {
    let directories = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin"
    let paths = directories.split(separator: ":").map { "\($0)/\(name)" }
    guard let path = paths.first(where: { unsafe access($0, X_OK) == 0 }) else { return nil }
    self.path = path
  }

  /// Runs it to its end; returns its exit code and all that it printed.
  package func run(_ arguments: [String], output: String) -> (code: Int32, printed: String) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
    // Sockets of tests that run beside would stay open in the child when their owners close them.
    for descriptor in Int32(3)..<1024 { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
    let search = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin"
    var argv = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var environment = unsafe [strdup("PATH=\(search)"), strdup("HOME=/tmp"), nil]
    defer {
      unsafe (argv + environment).forEach { unsafe free($0) }
    }
    var pid: pid_t = 0
    guard unsafe posix_spawn(&pid, path, &actions, nil, &argv, &environment) == 0 else { return (-1, "") }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let printed = String(decoding: readAll(output), as: UTF8.self)
    return (status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), printed)
  }
}

/// The bytes of a file, empty when there is none.
package func readAll(_ path: String) -> [UInt8] {
  guard let file = unsafe fopen(path, "rb") else { return [] }
  defer { unsafe fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe fread(&chunk, 1, chunk.count, file)
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
}

package func writeAll(_ bytes: [UInt8], to path: String) {
  guard let file = unsafe fopen(path, "wb") else { return }
  unsafe fwrite(bytes, 1, bytes.count, file)
  unsafe fclose(file)
}

/// Set in continuous integration: what is missing is a failure, not a skip.
package var requiresAll: Bool {
  unsafe getenv("PATCHBAY_REQUIRE_ALL").map { unsafe String(cString: $0) } == "1"
}
