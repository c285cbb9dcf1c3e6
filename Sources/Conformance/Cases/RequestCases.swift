internal import ConnectorModel
internal import Manifest

/// Category I, of what requests carry.
enum RequestCases {
  static let all: [ConformanceCase] = [encoded, used, signatures, secretExtensions]

  /// Texts with a meaning in URLs; as values they must come through.
  private static let corpus = [
    "a b", "a+b", "a%20b", "a/b", "a?b", "a#b", "a&b=c", "ü", "日本", "😀", "a:b@c", "a;b,c", "~-._", "%",
    "\"'<>",
  ]

  static let encoded = ConformanceCase(
    "I6", ["H-3"], .silver, seconds: 60, "a value in a path or a query arrives as it was, encoded once"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      guard let first = plain.exchanges.first(where: { $0.turn == 1 }) else { return }
      let before = URLPieces(first.request.url)
      for (original, text, input) in InputMutation.named(of: transcript.input, by: Self.corpus) {
        // Only where the value stands in the URL by itself can it be told how it should arrive.
        guard original.utf8.count > 1, let place = before.place(of: original) else { continue }
        asked += 1
        var plan = SteppedPlan(seed: run.seed)
        plan.input = input
        let report = SteppedOperation(host, transcript, plan, run).perform()
        guard let request = report.exchanges.first(where: { $0.turn == 1 })?.request else { continue }
        let arrived = URLPieces(request.url).piece(at: place)
        if arrived != text {
          return run.find(
            "H-3", expected: "`\(text)` encoded once",
            happened: "\(transcript.name): it arrives as `\((arrived ?? "nothing").cut)`")
        }
      }
    }
    if asked == 0 { throw .skip("no text of an input stands in a URL by itself") }
    run.note("\(asked) values")
  }

  static let used = ConformanceCase(
    "I8", [], .silver, strength: .should, seconds: 30,
    "its transcripts need every endpoint, method and profile that it may use"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    var methods: [String: Set<String>] = [:]
    if let identity = manifest.identity { methods[identity.endpoint, default: []].insert("GET") }
    for profile in manifest.auth.values {
      for case .oauth2(let flow) in profile.alternatives.map(\.kind) {
        if let after = flow.after { methods[after.endpoint, default: []].formUnion(["GET", "POST"]) }
      }
    }
    try run.eachPlain { _, _, plain in
      for exchange in plain.exchanges {
        methods[exchange.request.endpoint, default: []].insert(exchange.request.method)
      }
    }
    run.doing("comparing with the manifest", rule: "manifest")
    for (name, endpoint) in manifest.endpoints.sorted(by: { $0.key < $1.key }) {
      guard let seen = methods[name] else {
        run.find("manifest", expected: "a request to `\(name)`", happened: "no transcript has one")
        continue
      }
      let unused = Set(endpoint.methods).subtracting(seen).subtracting(["HEAD", "OPTIONS"]).sorted()
      if !unused.isEmpty {
        run.find(
          "manifest", expected: "requests with \(unused.joined(separator: ", ")) to `\(name)`",
          happened: "no transcript has one")
      }
    }
  }

  /// Names under which platforms take signatures.
  private static let signatureNames = [
    "appsecret_proof", "signature", "sig", "hmac", "x-hub-signature", "x-signature", "oauth_signature",
    "authorization", "x-amz-signature",
  ]

  static let signatures = ConformanceCase(
    "I12", ["X-3"], .silver, seconds: 30, "it signs nothing and authorises nothing itself: that is the host's"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      for (place, exchange) in plain.exchanges.enumerated() {
        var query = exchange.request.url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        // A link that the platform signed for everybody who has it, such as one to a download.
        let isGiven = plain.exchanges[..<place].contains { $0.answer.says("?\(query)") }
        if isGiven { query = "" }
        let names =
          query.split(separator: "&").map { $0.prefix { $0 != "=" }.lowercased() }
          + exchange.request.headers.map { $0.name.lowercased() }
        for name in names where Self.signatureNames.contains(name) {
          run.find(
            "X-3", expected: "no `\(name)` of its own", happened: "\(transcript.name) sends one")
        }
      }
    }
  }

  static let secretExtensions = ConformanceCase(
    "I13", ["X-4"], .silver, "it asks for no raw secret that its manifest does not ask for"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    let manifest = try run.manifest()
    run.doing("create", rule: "X-4")
    guard let instance = table.create(run.configuration).instance else { throw .skip("create fails; see E1") }
    table.destroy(instance)
    for id in BareTable.askedExtensions where !manifest.extensions.contains(id) {
      let words = ["secret", "token", "credential", "password"]
      if words.contains(where: id.lowercased().contains) {
        run.find(
          "X-4", expected: "`\(id.cut)` under `requires_extensions`", happened: "it asks for it without")
      }
    }
  }
}

extension HTTPAnswer {
  /// Whether a text of its JSON, or one of its headers, ends with `suffix`.
  fileprivate func says(_ suffix: String) -> Bool {
    func says(_ value: JSONValue) -> Bool {
      switch value {
      case .string(let text): text.hasSuffix(suffix)
      case .array(let elements): elements.contains(where: says)
      case .object(let members): members.values.contains(where: says)
      case .null, .bool, .integer, .decimal: false
      }
    }
    return headers.contains { $0.value.hasSuffix(suffix) }
      || body.inlineBytes.flatMap { try? StableJSON.decode(JSONValue.self, from: $0) }.map(says) ?? false
  }
}
