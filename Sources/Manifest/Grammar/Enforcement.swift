/// What this host reads and checks but does not act upon yet.
///
/// Whatever is not listed here is enforced. When a feature lands, its lines go.
enum Enforcement {
  struct Pending: Sendable {
    /// Places in the grammar; `*` stands for a free name or a list's element, `**` for any way between.
    var places: [String]
    /// The subject of the sentence "… is not enforced yet".
    var feature: String
  }

  static let pending: [Pending] = [
    Pending(places: ["api.sunset"], feature: "the countdown to the API's end in health"),
    Pending(places: ["endpoints.*.pagination"], feature: "pagination by the host"),
    Pending(
      places: [
        "auth.**.authorize", "auth.**.token", "auth.**.client", "auth.**.pkce", "auth.**.scope_separator",
        "auth.**.expires", "auth.**.after", "auth.**.exchange", "auth.**.refresh", "auth.**.revoke",
        "auth.**.parameters",
      ], feature: "the OAuth connect flow"),
    Pending(places: ["auth.**.appsecret_proof"], feature: "appsecret_proof"),
    Pending(places: ["scopes", "actions.*.scopes"], feature: "the audit of scopes"),
    Pending(places: ["actions.*.request", "actions.*.response"], feature: "an action without code"),
    Pending(places: ["webhooks"], feature: "the reception of webhooks"),
    Pending(places: ["health.deep"], feature: "the schedule of deep health checks"),
    Pending(places: ["env"], feature: "the collection of environment variables"),
  ]

  /// The feature that a place in the grammar waits for, nil when it is enforced.
  static func feature(pendingAt place: [String]) -> String? {
    patterns.first { matches($0.place[...], place[...]) }?.feature
  }

  /// `pending`, taken apart once: every key of every manifest is looked up.
  private static let patterns: [(place: [Substring], feature: String)] = pending.flatMap { pending in
    pending.places.map { ($0.split(separator: "."), pending.feature) }
  }

  private static func matches(_ pattern: ArraySlice<Substring>, _ place: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return place.isEmpty }
    let rest = pattern.dropFirst()
    if first == "**" {
      return (place.startIndex...place.endIndex).contains { matches(rest, place[$0...]) }
    }
    guard let step = place.first, first == step else { return false }
    return matches(rest, place.dropFirst())
  }
}
