internal import Egress
internal import Manifest
internal import Ports

extension Service {
  /// What is looked at of a tenant's connections to one connector; buckets of further ones are not told.
  private static let maximumConnections = 10_000

  /// Every bucket and every host's circuit of the loaded connectors, as far as the principal's tenant uses them.
  ///
  /// - Parameter connector: only of this one; nil: of all.
  /// - Throws: `notFound` when no such connector takes work.
  package func limits(connector: String?, by principal: Principal) async throws(ServiceError)
    -> LimitsOverview
  {
    try principal.require(.read)
    var connectors = registry.now.served
    if let connector { connectors = [connector: try served(connector)] }
    var overview = LimitsOverview(at: clock.unixNanoseconds, limits: [], circuits: [])
    for (id, served) in connectors.sorted(by: { $0.key < $1.key }) {
      let view = TenantLimits(
        connector: id, egress: served.egress, connections: try await connections(to: id, of: principal))
      overview.at = clock.unixNanoseconds
      overview.limits += view.limits(now: overview.at)
      overview.circuits += view.circuits(now: overview.at)
    }
    return overview
  }

  private func connections(to connector: String, of principal: Principal) async throws(ServiceError)
    -> [ConnectionRecord]
  {
    var found: [ConnectionRecord] = []
    var request = PageRequest(limit: PageRequest.maximumLimit)
    while found.count < Self.maximumConnections {
      let next = request
      let page = try await listed { () async throws(StoreError) in
        try await self.store.connections(tenant: principal.tenant, connector: connector, page: next)
      }
      found += page.elements
      guard let after = page.next else { break }
      request.after = after
    }
    return found
  }
}

/// What one tenant may see of one connector's limits: what its own connections use, and what all share.
struct TenantLimits {
  let connector: String
  let egress: Egress
  private let accounts: [String: [String]]
  private let ids: Set<String>
  private let origins: Set<String>

  init(connector: String, egress: Egress, connections: [ConnectionRecord]) {
    self.connector = connector
    self.egress = egress
    let known = connections.filter { $0.accountID != nil }
    accounts = Dictionary(grouping: known) { $0.accountID ?? "" }.mapValues { $0.map(\.id).sorted() }
    ids = Set(connections.map(\.id))
    // Many connections share their variables, and with them their hosts.
    let places = Set(connections.map(\.variables)).map { Connection(id: "", variables: $0) }
    origins = (places + [Connection(id: "")]).reduce(into: []) { $0.formUnion(egress.origins(of: $1)) }
  }

  func limits(now: UInt64) -> [LimitStatus] {
    egress.limits(now: now) { holder(of: $0) != nil }.map { state in
      LimitStatus(
        connector: connector, bucket: state.name, scope: state.scope.rawValue,
        holder: holder(of: state) ?? .nobody, endpoint: state.holder.endpoint, rule: state.kind.rawValue,
        source: state.source.rawValue, used: state.inUse, limit: state.limit, allowed: state.allowed,
        remaining: state.left, window: state.window, resetsAt: state.resets, nextAt: state.nextFree,
        inFlight: state.running, publishingWaiting: state.waiting[.publishing] ?? 0,
        syncingWaiting: state.waiting[.syncing] ?? 0, reason: state.reason)
    }
  }

  func circuits(now: UInt64) -> [CircuitStatus] {
    let troubled = Dictionary(egress.troubledHosts.map { ($0.origin, $0) }) { first, _ in first }
    return origins.sorted().map { origin in
      guard let state = troubled[origin] else {
        return CircuitStatus(connector: connector, host: origin, state: .closed)
      }
      let isOpen = state.opensAt.map { $0 > now } ?? false
      let isHalfOpen = state.isProbing || state.opensAt != nil && !isOpen
      return CircuitStatus(
        connector: connector, host: origin, state: isOpen ? .open : isHalfOpen ? .halfOpen : .closed,
        failures: state.failures, probesAt: isOpen ? state.opensAt : nil)
    }
  }

  /// Nil for what only other tenants use.
  private func holder(of state: BucketState) -> LimitStatus.Holder? {
    switch state.holder.subject {
    case .app: .app
    case .account(let id): accounts[id].map { .connections($0) }
    case .connection(let id): ids.contains(id) ? .connections([id]) : nil
    case .nobody: .nobody
    }
  }
}

extension BucketState {
  /// Why there is less than declared, or nothing at all, in one sentence.
  fileprivate var reason: String {
    if closedUntil != nil { return "the platform refused and said for how long" }
    if source == .refusals {
      return "the platform refused, so the places were halved; ten successes win one back"
    }
    return ""
  }
}
