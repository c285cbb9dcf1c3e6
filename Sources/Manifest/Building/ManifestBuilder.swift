internal import ConnectorModel

/// Makes the value of a manifest from nodes that passed every check.
struct ManifestBuilder {
  /// A place where the checks promised something that is not there.
  struct Gap: Error {
    var mark: YAMLMark
    var trail: KeyTrail
  }

  let root: YAMLNode
  /// Absolute, for schema paths.
  let folder: String
  /// Of the manifest, absolute.
  let path: String

  func manifest() throws(Gap) -> Manifest {
    let top = NodeCursor(root)
    let abi = try top.at("abi")
    let isolation: Manifest.Isolation? = try top.word("isolation")
    let concurrency: Manifest.Concurrency? = try top.word("concurrency")
    let api = try self.api(top.at("api"))
    return Manifest(
      id: try top.text("id"),
      version: try top.text("version"),
      name: try top.text("name"),
      library: try library(top.at("library")),
      abi: .init(major: try abi.integer("major"), minor: try abi.integer("minor")),
      isolation: isolation ?? .inProcess,
      concurrency: concurrency ?? .parallel,
      api: api,
      endpoints: try top.map("endpoints") { cursor throws(Gap) in try endpoint(cursor, api: api) },
      identity: try top.optional("identity").map { cursor throws(Gap) in try identity(cursor) },
      auth: try top.map("auth") { cursor throws(Gap) in try authProfile(cursor) },
      scopes: try top.map("scopes") { cursor throws(Gap) in
        Manifest.ScopeNeed(why: try cursor.text("why"), requiredBy: try cursor.texts("required_by"))
      },
      limits: try limits(top.optional("limits")),
      publish: try top.optionalText("publish"),
      actions: try top.map("actions") { cursor throws(Gap) in try action(cursor) },
      sync: try top.map("sync") { cursor throws(Gap) in try sync(cursor) },
      webhooks: try top.map("webhooks") { cursor throws(Gap) in try webhook(cursor) },
      errors: try top.list("errors").flatMapGap { cursor throws(Gap) in try errorRules(cursor) },
      errorFields: try errorFields(top.optional("error_fields")),
      capabilities: top.optional("capabilities")?.node.json ?? .object([:]),
      health: .init(deepAction: try top.optional("health")?.optional("deep")?.text("action")),
      environment: try top.texts("env"),
      configuration: try top.optional("config").map { cursor throws(Gap) in
        Manifest.Configuration(
          schema: absolute(try cursor.text("schema")),
          values: cursor.optional("values")?.node.json ?? .object([:]))
      },
      extensions: try top.texts("extensions"),
      path: path)
  }

  func absolute(_ path: String) -> String { folder + "/" + path }

  private func library(_ cursor: NodeCursor) throws(Gap) -> Manifest.Library {
    func file(_ cursor: NodeCursor) throws(Gap) -> Manifest.Library.File {
      if let path = cursor.node.text { return .init(path: path, sha256: nil) }
      return .init(path: try cursor.text("path"), sha256: try cursor.optionalText("sha256"))
    }
    guard cursor.node["path"] == nil, cursor.node.text == nil else {
      return Manifest.Library(files: ["any": try file(cursor)])
    }
    return Manifest.Library(files: try cursor.members(file))
  }

  private func api(_ cursor: NodeCursor) throws(Gap) -> Manifest.API {
    Manifest.API(version: try cursor.text("version"), sunset: try cursor.optionalText("sunset"))
  }

  private func identity(_ cursor: NodeCursor) throws(Gap) -> Manifest.Identity {
    let request = try cursor.at("request")
    return Manifest.Identity(
      endpoint: try request.text("endpoint"), path: try request.text("path"),
      accountID: try cursor.path("id"), accountName: try cursor.optionalPath("name"),
      keep: try cursor.map("keep") { inner throws(Gap) in try inner.asPath() })
  }

  private func action(_ cursor: NodeCursor) throws(Gap) -> Manifest.ActionDeclaration {
    let retry: Manifest.ActionDeclaration.Retry? = try cursor.word("retry")
    let effect: Manifest.ActionDeclaration.Effect? = try cursor.word("effect")
    guard let effect else { throw cursor.gap("effect") }
    return Manifest.ActionDeclaration(
      input: try cursor.optionalText("input").map(absolute),
      output: try cursor.optionalText("output").map(absolute),
      effect: effect, retry: retry ?? .safe, scopes: try cursor.texts("scopes"),
      post: try cursor.optional("post").map { inner throws(Gap) in
        Manifest.ActionDeclaration.Post(id: try inner.path("id"), url: try inner.optionalPath("url"))
      },
      media: try cursor.list("media").mapGap { element throws(Gap) in try mediaRule(element) })
  }

  private func sync(_ cursor: NodeCursor) throws(Gap) -> Manifest.SyncDeclaration {
    guard let every = try cursor.duration("every") else { throw cursor.gap("every") }
    return Manifest.SyncDeclaration(
      record: try cursor.optionalText("record").map(absolute), every: every,
      lookback: try cursor.duration("lookback"))
  }

  private func webhook(_ cursor: NodeCursor) throws(Gap) -> Manifest.WebhookDeclaration {
    let verify = try cursor.at("verify")
    let verification: Manifest.WebhookDeclaration.Verification? = try verify.word("kind")
    let handshake: Manifest.WebhookDeclaration.Handshake? = try cursor.optional("handshake")?.word("kind")
    guard let verification else { throw verify.gap("kind") }
    return Manifest.WebhookDeclaration(
      verification: verification,
      header: try verify.optionalText("header"),
      secret: try verify.optionalText("secret"),
      tolerance: try verify.duration("tolerance"),
      handshake: handshake ?? .none,
      deduplicate: try cursor.list("deduplicate").mapGap { element throws(Gap) in try element.asPath() },
      accepts: try cursor.optionalText("accepts") ?? "application/json")
  }
}
