internal import CCurl

/// Owns a multi handle: the transfers under way and the connections that outlive them.
///
/// Belongs to the egress thread. libcurl is told which sockets are ready and touches no other transfer: asking all of
/// them, as `curl_multi_perform` does, costs a system call for each that waits.
@safe final class CurlMulti {
  private let handle: UnsafeMutableRawPointer
  private let sockets: SocketWatch
  private var transfers: [UnsafeMutableRawPointer: CurlEasy] = unsafe [:]

  /// Calls `curl_global_init` once per process and `curl_multi_init`; nil when libcurl cannot start.
  init?(sockets: SocketWatch, maximumConnections: Int) {
    guard Self.isLibraryReady, let handle = unsafe curl_multi_init() else { return nil }
    unsafe self.handle = handle
    self.sockets = sockets
    let context = unsafe Unmanaged.passUnretained(sockets).toOpaque()
    _ = unsafe ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, maximumConnections)
    _ = unsafe ccurl_multi_set_callbacks(handle, onWish, onTimer, context)
  }

  deinit {
    unsafe transfers.keys.forEach { unsafe curl_multi_remove_handle(handle, $0) }
    unsafe curl_multi_cleanup(handle)
  }

  /// Calls `curl_multi_add_handle`.
  func add(_ easy: CurlEasy) -> Bool {
    guard unsafe curl_multi_add_handle(handle, easy.key) == CURLM_OK else { return false }
    unsafe transfers[easy.key] = easy
    return true
  }

  /// Calls `curl_multi_remove_handle`.
  func remove(_ easy: CurlEasy) {
    unsafe curl_multi_remove_handle(handle, easy.key)
    unsafe transfers[easy.key] = nil
  }

  /// Goes on with what the time has come for; calls `curl_multi_socket_action`.
  ///
  /// - Returns: false when libcurl itself is broken.
  func goOn() -> Bool { act(CURL_SOCKET_TIMEOUT, 0) }

  /// Goes on with whatever waited for this socket; calls `curl_multi_socket_action`.
  ///
  /// - Returns: false when libcurl itself is broken.
  func goOn(with ready: ccurl_ready) -> Bool { act(ready.socket, ready.bits) }

  private func act(_ socket: curl_socket_t, _ bits: Int32) -> Bool {
    var running: Int32 = 0
    return unsafe curl_multi_socket_action(handle, socket, bits, &running) == CURLM_OK
  }

  /// The next transfer that ended, taken out; nil when none did.
  func takeEnded() -> (CurlEasy, CurlCode)? {
    var key: UnsafeMutableRawPointer?
    var code = CURLE_OK
    guard unsafe ccurl_multi_next_done(handle, &key, &code) != 0, let key = unsafe key,
      let easy = unsafe transfers[key]
    else { return nil }
    remove(easy)
    return (easy, CurlCode(number: code.rawValue))
  }

  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

private func watch(_ context: UnsafeMutableRawPointer?) -> SocketWatch? {
  unsafe context.map { unsafe Unmanaged<SocketWatch>.fromOpaque($0).takeUnretainedValue() }
}

/// `CURLMOPT_SOCKETFUNCTION`: what libcurl wants to be told about a socket from now on.
private func onWish(
  _: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ wish: Int32, _ context: UnsafeMutableRawPointer?,
  _: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe watch(context)?.wish(wish, of: socket)
  return 0
}

/// `CURLMOPT_TIMERFUNCTION`: when to go on at the latest; -1 for never.
private func onTimer(
  _: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe watch(context)?.goOn(afterMilliseconds: milliseconds)
  return 0
}
