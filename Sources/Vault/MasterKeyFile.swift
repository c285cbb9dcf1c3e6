internal import Glibc

/// The file that holds the master key: mode 0600, made whole or not at all, never written over.
struct MasterKeyFile {
  let path: String

  /// Nil where there is no file.
  ///
  /// Calls `open`, `fstat`, `read`.
  /// - Throws: `masterKeyFile` where others may read it, or its text is not a key's.
  func read() throws(VaultError) -> MasterKey? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("cannot be read", errno)
    }
    defer { close(descriptor) }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else { throw failure("cannot be read", errno) }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw problem("is no file; restore it from a backup") }
    guard facts.st_mode & 0o077 == 0 else {
      throw problem("can be read by others; set its mode with: chmod 600 \(path)")
    }
    var text = [UInt8](repeating: 0, count: MasterKey.longestText)
    var count = 0
    while count < text.count {
      let part = unsafe text.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
      }
      if part < 0, errno == EINTR { continue }
      guard part >= 0 else { throw failure("cannot be read", errno) }
      if part == 0 { break }
      count += part
    }
    text.removeLast(text.count - count)
    switch MasterKey.parse(wiping: &text) {
    case .success(let key): return key
    case .failure(let found): throw problem(found.sentence)
    }
  }

  /// Makes a random key and its file; where another process was first, the key is the other's.
  ///
  /// Written beside the path and linked to it: `link` never replaces what is there, and `fsync` comes before.
  func make() throws(VaultError) -> MasterKey {
    let key = MasterKey(try KeyBytes.random())
    let sibling = "\(path).new-\(try OpenSSLCipher.randomBytes(4).map { String($0) }.joined(separator: "-"))"
    var text = key.text()
    defer { OpenSSLCipher.wipe(&text) }
    try write(text, to: sibling)
    let linked = unsafe link(sibling, path)
    let code = errno
    unsafe unlink(sibling)
    if linked == 0 {
      try syncDirectory()
      return key
    }
    guard code == EEXIST, let other = try read() else { throw failure("cannot be made", code) }
    return other
  }

  private func write(_ text: [UInt8], to sibling: String) throws(VaultError) {
    let descriptor = unsafe open(sibling, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("cannot be made", errno) }
    // The mode of open() is narrowed by the umask; this one is exact.
    let isWritten =
      unsafe Glibc.write(descriptor, text, text.count) == text.count && fchmod(descriptor, 0o600) == 0
      && fsync(descriptor) == 0
    let code = errno
    close(descriptor)
    guard isWritten else {
      unsafe unlink(sibling)
      throw failure("cannot be made", code)
    }
  }

  private func syncDirectory() throws(VaultError) {
    let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be made", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("cannot be made", errno) }
  }

  private func failure(_ what: String, _ code: Int32) -> VaultError {
    let reason = unsafe String(cString: strerror(code))
    return problem("\(what): \(reason); check its directory, or give the key in \(VaultError.variable)")
  }

  private func problem(_ sentence: String) -> VaultError { .masterKeyFile(path: path, problem: sentence) }
}
