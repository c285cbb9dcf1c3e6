internal import ConnectorModel

extension CampaignContent {
  /// The addresses that the HTML links to, each once, in order.
  var links: [String] {
    var found: [String] = []
    var rest = html[...]
    while let start = rest.firstRange(of: "href=") {
      rest = rest[start.upperBound...]
      guard let quote = rest.first, quote == "\"" || quote == "'" else { continue }
      let link = String(rest.dropFirst().prefix { $0 != quote })
      if link.hasPrefix("http"), !found.contains(link) { found.append(link) }
    }
    return found
  }

  /// The id that a report gives a link.
  static func linkID(_ link: String) -> String { String(Digest.md5(link).prefix(10)) }
}
