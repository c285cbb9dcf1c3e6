internal import Manifest
internal import Ports

extension Draft {
  /// The places it needs on the wire.
  func claims(under manifest: Manifest, connection: Connection, credential: Credential?) -> [LimitClaim] {
    destination.rules.buckets.map { bucket in
      let account = connection.accountID.map(LimitSubject.account) ?? .connection(connection.id)
      let subject =
        switch bucket.declared.scope {
        case .app: LimitSubject.app(client: manifest.client(of: credential)).text()
        case .account: account.text()
        case .endpoint: account.text(at: destination.name)
        }
      return LimitClaim(key: LimitKey(bucket: bucket.name, subject: subject), declared: bucket.declared)
    }
  }
}

extension Manifest {
  /// Whose quota of the platform a request uses: the client of its credential, empty when keys need none.
  ///
  /// The reference `env:NAME` stands for the client id, which is one in all of this process. A captured token, and a
  /// request without one, belong to the manifest's first client.
  fileprivate func client(of credential: Credential?) -> String {
    let alternatives = credential.flatMap { auth[$0.profile]?.alternatives } ?? []
    if let index = credential?.alternative, alternatives.indices.contains(index) {
      switch alternatives[index].kind {
      case .oauth2(let client): return client.clientID
      case .apiKey: return ""
      case .captured: break
      }
    }
    let clients = auth.sorted { $0.key < $1.key }.flatMap(\.value.alternatives).map(\.kind)
    for case .oauth2(let client) in clients { return client.clientID }
    return ""
  }
}
