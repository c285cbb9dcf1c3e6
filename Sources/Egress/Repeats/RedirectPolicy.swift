internal import Manifest

/// Decides what becomes of a 3xx answer.
struct RedirectPolicy: Sendable {
  enum Verdict: Sendable, Equatable {
    /// No redirect, or one that the connector wants to see.
    case none
    case follow(Hop)
    /// The redirect leads where the request must not go.
    case refuse(String)
  }

  /// The next request of a chain.
  struct Hop: Sendable, Equatable {
    var destination: Destination
    var keepsBody: Bool
    /// Never true on another origin.
    var keepsAuth: Bool
  }

  /// When the request does not say.
  static let standardHops = 5
  static let maximumHops = 20

  let allowList: AllowList
  let variables: [String: String]
  let auth: AuthName
  private let hops: Int
  private var visited: Set<String> = []

  init(
    allowList: AllowList, variables: [String: String], auth: AuthName, hops: Int?
  ) {
    self.allowList = allowList
    self.variables = variables
    self.auth = auth
    self.hops = max(0, min(hops ?? Self.standardHops, Self.maximumHops))
  }

  /// Notes where the chain is and decides where it goes.
  ///
  /// - Parameter location: the header; nil when absent.
  mutating func verdict(status: Int, location: String?, at current: Destination) -> Verdict {
    guard [301, 302, 303, 307, 308].contains(status), let location else { return .none }
    visited.insert("\(current.method) \(current.url.text)")
    guard visited.count <= hops else { return .refuse("more than \(hops) redirects") }
    let target: NormalizedURL
    do throws(URLRule) {
      target = try current.url.resolving(location)
    } catch {
      return .refuse("redirect refused: \(error.rawValue)")
    }
    guard current.url.scheme == "http" || target.scheme == "https" else {
      return .refuse("redirect refused: it leads from https to http")
    }
    let method = Self.method(after: status, current.method)
    // 301 and 302 do not say that nothing was done, so the same write must not go out again.
    guard method != current.method || status >= 307 || !current.isWrite else {
      return .refuse("redirect refused: it would send a \(method) twice")
    }
    guard !visited.contains("\(method) \(target.text)") else {
      return .refuse("redirect refused: it leads in a circle")
    }
    guard
      let destination = allowList.destination(
        redirectedTo: target, method: method, from: current.name, variables: variables)
    else { return .refuse("redirect refused: \(method) \(target.host) is under no endpoint of the manifest") }
    let keepsAuth = target.origin == current.url.origin && auth.isAllowed(at: destination.endpoint)
    guard keepsAuth || destination.endpoint.allowsAnonymous else {
      return .refuse(
        "redirect refused: endpoint `\(destination.name)` needs auth, which does not travel there")
    }
    return .follow(Hop(destination: destination, keepsBody: method == current.method, keepsAuth: keepsAuth))
  }

  /// 303 asks for a GET; 301 and 302 after a POST mean one by custom; the rest keep the method.
  private static func method(after status: Int, _ method: String) -> String {
    switch status {
    case 303: method == "HEAD" ? "HEAD" : "GET"
    case 301, 302: method == "POST" ? "GET" : method
    default: method
    }
  }
}

extension NormalizedURL {
  /// What a `Location` header means here: RFC 3986, section 5, without dot segments; a fragment is dropped.
  func resolving(_ location: String) throws(URLRule) -> NormalizedURL {
    let reference = String(location.prefix { $0 != "#" })
    let head = reference.prefix { !"/?".contains($0) }
    if head.contains(":") { return try .absolute(reference) }
    if reference.hasPrefix("//") { return try .absolute("\(scheme):\(reference)") }
    if reference.hasPrefix("/") { return try .absolute(origin + reference) }
    if reference.isEmpty { return self }
    if reference.hasPrefix("?") { return try .absolute(origin + path + reference) }
    let folder = path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex)
    return try .absolute(origin + folder + reference)
  }
}
