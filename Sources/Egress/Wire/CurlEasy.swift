// The owner of libcurl's easy handles.
internal import CCurl
internal import ConnectorModel
internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// Owns an easy handle: one transfer at a time, used again and again.
///
/// Belongs to the egress thread.
@safe final class CurlEasy {
  private let handle: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []
  fileprivate(set) var record: TransferRecord?
  /// The options that no transfer changes are set.
  private var hasConstants = false
  /// The transfer leaves nothing behind that `wipe` does not take away.
  private var isPlain = false
  /// What is left of a body that is read while it is sent.
  private var reader: TransportBodyReader?
  private var sink: BlobWriter?
  /// Told of sockets that come and go; outlives every connection.
  private let sockets: SocketWatch

  /// Calls `curl_easy_init`; nil when libcurl has no memory.
  init?(sockets: SocketWatch) {
    guard let handle = unsafe curl_easy_init() else { return nil }
    self.sockets = sockets
    unsafe self.handle = handle
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    unsafe curl_easy_cleanup(handle)
    freeLists()
    unsafe errorText.deallocate()
  }

  /// Sets everything for one transfer; nothing of the last one stays but pooled connections and what is the same for
  /// all.
  ///
  /// - Returns: false when libcurl refuses an option.
  func prepare(_ request: TransportRequest, _ mapping: ConnectMapping?, _ options: TransportOptions) -> Bool {
    isPlain = request.body == nil && ["GET", "DELETE", "OPTIONS"].contains(request.method)
    record = TransferRecord(
      maximumBody: request.maximumResponse, maximumHeaders: request.maximumHeaders,
      addresses: AddressPolicy(
        mapped: mapping?.socketAddress, allowsPrivate: options.allowsPrivateAddresses))
    sink = request.sink
    if !hasConstants { hasConstants = setCallbacks() && setConstants(options.certificateAuthority) }
    return hasConstants && setLimits(request) && setMessage(request)
      && (mapping.map { setList(CURLOPT_CONNECT_TO, [$0.curlText]) } ?? true)
  }

  /// Forgets a transfer, so that no URL, header or body outlives it.
  ///
  /// Calls `curl_easy_reset` after all but plain requests: setting forty options again costs as much as a request.
  func wipe() {
    let isWiped =
      isPlain && unset(CURLOPT_URL) && unset(CURLOPT_CUSTOMREQUEST) && unsetList(CURLOPT_HTTPHEADER)
      && unsetList(CURLOPT_CONNECT_TO)
    if !isWiped {
      unsafe curl_easy_reset(handle)
      hasConstants = false
    }
    freeLists()
    unsafe errorText.pointee = 0
    record = nil
    reader = nil
    sink = nil
  }

  /// What the transfer came to; call it once, when it ended.
  func result(_ code: CurlCode, place: String) -> TransportResult {
    guard var record else {
      return .failed(
        TransportFailure(kind: .other, requestMayHaveLeft: false, message: "\(place): never begun"))
    }
    guard code.number != 0 || !record.isHeadComplete else {
      return .answered(
        TransportAnswer(
          status: unsafe ccurl_get_long(handle, CURLINFO_RESPONSE_CODE), headers: record.headers,
          body: record.body,
          network: .microseconds(unsafe ccurl_get_microseconds(handle, CURLINFO_TOTAL_TIME_T))))
    }
    record.noteError(unsafe String(cString: errorText))
    return .failed(code.failure(record, place: place))
  }

  private func setLimits(_ request: TransportRequest) -> Bool {
    let milliseconds = Int(Int32(clamping: max(1, request.timeout.millisecondsRoundedUp)))
    return set(CURLOPT_TIMEOUT_MS, milliseconds)
      && set(CURLOPT_CONNECTTIMEOUT_MS, min(milliseconds, Self.maximumConnectMilliseconds))
      // Over TLS the handshake tells whether to wait for a shared connection; without, only the first answer would.
      && set(CURLOPT_PIPEWAIT, request.url.hasPrefix("https:") ? 1 : 0)
      // Only libcurl's own notices tell a refused HTTP/2 stream from a lost connection.
      && set(CURLOPT_VERBOSE, request.isWrite && request.url.hasPrefix("https:") ? 1 : 0)
  }

  private func setConstants(_ authority: String?) -> Bool {
    set(CURLOPT_NOSIGNAL, 1)
      // A cancelled transfer must not wait on this thread for its name to be resolved.
      && set(CURLOPT_QUICK_EXIT, 1)
      && set(CURLOPT_PROTOCOLS_STR, "http,https")
      && set(CURLOPT_FOLLOWLOCATION, 0)
      // Environment variables would name a proxy otherwise, and it would resolve the host unchecked.
      && set(CURLOPT_PROXY, "") && set(CURLOPT_NOPROXY, "*")
      && set(CURLOPT_NETRC, 0)
      && set(CURLOPT_SSL_VERIFYPEER, 1) && set(CURLOPT_SSL_VERIFYHOST, 2)
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && (authority.map { set(CURLOPT_CAINFO, $0) && unset(CURLOPT_CAPATH) } ?? true)
      && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
      && set(CURLOPT_TCP_NODELAY, 1) && set(CURLOPT_TCP_KEEPALIVE, 1)
      // Servers close idle connections after a minute or so; a write must not meet one that is just closing.
      && set(CURLOPT_MAXAGE_CONN, 45)
      && set(CURLOPT_PATH_AS_IS, 1) && set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
  }

  private func setMessage(_ request: TransportRequest) -> Bool {
    var lines = request.headers.map { $0.value.isEmpty ? $0.name + ";" : $0.name + ": " + $0.value }
    if request.headers["content-type"] == nil { lines.append("Content-Type:") }
    lines.append("Expect:")
    guard !request.url.utf8.contains(0) else { return false }
    let hasBody = request.body != nil || ["POST", "PUT", "PATCH"].contains(request.method)
    let encodings =
      request.headers["accept-encoding"] == nil
      ? set(CURLOPT_ACCEPT_ENCODING, "") : unset(CURLOPT_ACCEPT_ENCODING)
    return encodings && set(CURLOPT_URL, request.url)
      && (hasBody ? setBody(request.body ?? TransportBody()) : set(CURLOPT_HTTPGET, 1))
      && (request.method == "HEAD" ? set(CURLOPT_NOBODY, 1) : set(CURLOPT_CUSTOMREQUEST, request.method))
      && setList(CURLOPT_HTTPHEADER, lines)
  }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    unsafe ccurl_set_long(handle, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: String) -> Bool {
    unsafe ccurl_set_text(handle, option, value) == CURLE_OK
  }

  private func unset(_ option: CURLoption) -> Bool {
    unsafe ccurl_set_text(handle, option, nil) == CURLE_OK
  }

  private func setBody(_ body: TransportBody) -> Bool {
    if let bytes = body.inlineBytes {
      return unsafe bytes.withUnsafeBytes {
        unsafe ccurl_set_body(handle, $0.baseAddress, $0.count)
      }
        == CURLE_OK
    }
    guard let reader = try? TransportBodyReader(body) else { return false }
    self.reader = reader
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    return unsafe ccurl_set_streamed_body(
      handle, onRead, onSeek, Int64(clamping: reader.count), context)
      == CURLE_OK
  }

  /// The next bytes of the body; nil when they cannot be read.
  fileprivate func readBody(upTo limit: Int) -> [UInt8]? {
    // What it throws says nothing more than that.
    if let bytes = try? reader?.read(upTo: limit) { return bytes }
    record?.noteUnreadableBody()
    return nil
  }

  fileprivate func seekBody(to place: UInt64) -> Bool { reader?.seek(to: place) ?? false }

  /// Takes a piece of the answer's body; false when it is one too many, or finds no place.
  fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let sink, record?.isForSink == true else {
      guard record?.admitBody(bytes.count) == true else { return false }
      unsafe record?.body.append(contentsOf: bytes)
      return true
    }
    do throws(BlobError) {
      try sink.write(unsafe Array(bytes))
      return true
    } catch {
      record?.noteSinkFault(error)
      return false
    }
  }

  private func setList(_ option: CURLoption, _ lines: [String]) -> Bool {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      let longer = unsafe line.withCString { text in
        // What stands behind a NUL would be lost.
        unsafe strlen(text) == line.utf8.count ? curl_slist_append(list, text) : nil
      }
      guard let longer = unsafe longer else {
        unsafe curl_slist_free_all(list)
        return false
      }
      unsafe list = longer
    }
    if let list = unsafe list { unsafe lists.append(list) }
    return unsafe ccurl_set_list(handle, option, list) == CURLE_OK
  }

  private func unsetList(_ option: CURLoption) -> Bool {
    unsafe ccurl_set_list(handle, option, nil) == CURLE_OK
  }

  private func freeLists() {
    unsafe lists.forEach { unsafe curl_slist_free_all($0) }
    unsafe lists = []
  }

  /// The context is not retained: `CurlMulti` holds this object until the transfer is taken out.
  private func setCallbacks() -> Bool {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    return unsafe ccurl_set_callbacks(handle, onBody, onHeader, onBegin, onSocket, onNotice, context)
      == CURLE_OK
      && ccurl_set_close_callback(handle, onClose, Unmanaged.passUnretained(sockets).toOpaque()) == CURLE_OK
      && ccurl_set_error_text(handle, errorText) == CURLE_OK
  }

  private static let maximumConnectMilliseconds = 15_000
  var key: UnsafeMutableRawPointer { unsafe handle }

  fileprivate func noteOpened(_ socket: Int32) { if socket >= 0 { sockets.opened(socket) } }
}

// The callbacks run on the egress thread, inside `curl_multi_socket_action`. Bytes are copied here, once.

private func owner(_ context: UnsafeMutableRawPointer?) -> CurlEasy? {
  unsafe context.map { unsafe Unmanaged<CurlEasy>.fromOpaque($0).takeUnretainedValue() }
}

/// `CURLOPT_WRITEFUNCTION`: returning less than was offered ends the transfer.
private func onBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  let length = size * count
  let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: length)
  return unsafe owner(context)?.takeBody(piece) == true ? length : 0
}

/// `CURLOPT_READFUNCTION`: the next bytes of a body; none end it.
private func onRead(
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let buffer = unsafe buffer, let easy = unsafe owner(context),
    let bytes = easy.readBody(upTo: size * count)
  else { return Int(CURL_READFUNC_ABORT) }
  unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count).copyBytes(from: bytes)
  return bytes.count
}

/// `CURLOPT_SEEKFUNCTION`: libcurl begins a body anew, before anything of it counted as sent.
private func onSeek(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32)
  -> Int32
{
  guard origin == 0, offset >= 0, let easy = unsafe owner(context),
    easy.seekBody(to: UInt64(offset))
  else { return CURL_SEEKFUNC_FAIL }
  return CURL_SEEKFUNC_OK
}

/// `CURLOPT_HEADERFUNCTION`: one line at a time.
private func onHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    .assumingMemoryBound(to: UInt8.self)
  return unsafe owner(context)?.record?.addHeader(line.span) == true ? line.count : 0
}

/// `CURLOPT_PREREQFUNCTION`: the connection stands and the request is about to be written.
private func onBegin(
  _ context: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?,
  _: Int32, _: Int32
) -> Int32 {
  unsafe owner(context)?.record?.mayBegin() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// `CURLOPT_OPENSOCKETFUNCTION`: the name is resolved and a socket is wanted.
private func onSocket(
  _ context: UnsafeMutableRawPointer?, _: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let address = unsafe address, let easy = unsafe owner(context) else { return CURL_SOCKET_BAD }
  var bytes = [UInt8](repeating: 0, count: 16)
  var port: UInt16 = 0
  let count = unsafe ccurl_address_bytes(address, &bytes, &port)
  let target = SocketAddress(bytes: Array(bytes.prefix(count)), port: port)
  guard easy.record?.mayConnect(to: target) == true else { return CURL_SOCKET_BAD }
  let socket = unsafe ccurl_open_socket(address)
  easy.noteOpened(socket)
  return socket
}

/// `CURLOPT_CLOSESOCKETFUNCTION`: a connection ends, maybe long after the transfer that opened it.
private func onClose(_ watch: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
  unsafe watch.map { unsafe Unmanaged<SocketWatch>.fromOpaque($0).takeUnretainedValue() }?.close(socket)
  return 0
}

/// `CURLOPT_DEBUGFUNCTION`: only libcurl's own notices are looked at, never what is sent or received.
private func onNotice(
  _: UnsafeMutableRawPointer?, _ kind: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
  // Compared where it lies: other notices hold headers.
  if kind == CURLINFO_TEXT, unsafe line.starts(with: "REFUSED_STREAM".utf8) {
    unsafe owner(context)?.record?.noteRefusedStream()
  }
  return 0
}
