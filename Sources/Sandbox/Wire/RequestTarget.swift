/// Where a request goes: a platform's host, the control endpoint, or nowhere.
enum RequestTarget: Equatable {
  case platform(host: String, path: String, query: String)
  case control(path: String)
  case refused(String)

  /// - Parameter hostIsInPath: whether the first path segment names the host, as on the plain listener.
  init(uri: String, hostHeader: String?, hostIsInPath: Bool) {
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts[0])
    let query = parts.count > 1 ? String(parts[1]) : ""
    guard path.hasPrefix("/") else {
      self = .refused("the sandbox is no proxy: the request line must hold a path")
      return
    }
    if hostIsInPath {
      let segments = path.dropFirst().split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      if segments[0] == ControlEndpoint.prefix[...] {
        self = .control(path: path)
      } else {
        self = .platform(
          host: segments[0].lowercased(), path: "/" + (segments.count > 1 ? segments[1] : ""), query: query)
      }
      return
    }
    let host = (hostHeader ?? "").lowercased().prefix { $0 != ":" }
    self = .platform(host: String(host), path: path, query: query)
  }
}
