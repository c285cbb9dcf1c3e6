import ConnectorModel
import Ports
import Secrets
import Testing

@testable import Runtime

@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceTenantsTests {
  /// Runs `body` with a tenant that has one of everything.
  private func withRows(_ body: (ServiceBench, ServiceOrderTable) async throws -> Void) async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      let published = try await bench.publish(on: connection)
      try await bench.job(published.id, after: "job.published")
      try bench.inject(
        #"{"method":"POST","path":"/3.0/campaigns","do":{"status":400,"body":"{\"title\":\"Bad Request\"}"}}"#
      )
      let dead = try await bench.publish(on: connection, key: "dead")
      try await bench.job(dead.id, after: "job.dead")
      let letters = try await bench.service.deadLetters(page: PageRequest(), by: bench.owner).elements
      let posts = try await bench.service.posts(page: PageRequest(), by: bench.owner).elements
      let rows = ServiceOrderTable.Rows(
        connection: connection.id, job: published.id, letter: try #require(letters.first).id,
        post: try #require(posts.first).id)
      try await body(bench, ServiceOrderTable(rows))
    }
  }

  @Test func noOrderReachesAnotherTenantsRows() async throws {
    try await withRows { bench, table in
      let stranger = try await bench.principal("stranger")
      for order in table.orders where order.namesARow {
        let error = await #expect(throws: ServiceError.self, "\(order.name)") {
          try await order.run(bench.service, stranger)
        }
        #expect(error?.code == .notFound, "\(order.name)")
      }
      let (service, page) = (bench.service, PageRequest())
      #expect(try await service.connections(connector: nil, page: page, by: stranger).elements.isEmpty)
      #expect(try await service.jobs(matching: JobFilter(), page: page, by: stranger).elements.isEmpty)
      #expect(try await service.deadLetters(page: page, by: stranger).elements.isEmpty)
      #expect(try await service.posts(page: page, by: stranger).elements.isEmpty)
      #expect(try await service.retryDeadLetters(by: stranger).isEmpty)
      #expect(try await service.queueDepth(by: stranger).values.allSatisfy { $0 == 0 })
      let trail = try await service.auditEntries(page: page, by: stranger).elements
      #expect(trail.allSatisfy { $0.tenant == "stranger" })
      // Nothing of all that changed anything.
      let owned = try await service.connections(connector: nil, page: page, by: bench.owner).elements
      #expect(owned.map(\.isPaused) == [false])
      #expect(try await service.deadLetters(page: page, by: bench.owner).elements.count == 1)
    }
  }

  @Test func everyOrderNeedsItsScope() async throws {
    try await withRows { bench, table in
      for order in table.orders {
        var poor = bench.owner
        poor.scopes.remove(order.scope)
        let error = await #expect(throws: ServiceError.self, "\(order.name)") {
          try await order.run(bench.service, poor)
        }
        #expect(error?.code == .forbidden, "\(order.name)")
        #expect(error?.message.contains(order.scope.rawValue) == true, "\(order.name)")
      }
      // The same orders are refused for want of that scope alone.
      for order in table.orders {
        do {
          try await order.run(bench.service, bench.owner)
        } catch let error as ServiceError {
          #expect([.conflict, .unsupported, .notFound].contains(error.code), "\(order.name): \(error)")
        }
      }
    }
  }

  /// It was a 404 that no list's description knew of.
  @Test func pageThatNoListGaveOutIsInvalid() async throws {
    try await ServiceBench.with { bench in
      let (service, owner, page) = (bench.service, bench.owner, PageRequest(after: "made up"))
      let connection = try await bench.connect()
      for list: @Sendable () async throws -> Void in [
        { _ = try await service.connections(connector: nil, page: page, by: owner) },
        { _ = try await service.jobs(matching: JobFilter(), page: page, by: owner) },
        { _ = try await service.deadLetters(page: page, by: owner) },
        { _ = try await service.posts(page: page, by: owner) },
        {
          _ = try await service.analytics(
            connection: connection.id, matching: AnalyticsQuery(), page: page, by: owner)
        },
        { _ = try await service.auditEntries(page: page, by: owner) },
      ] {
        let error = await #expect(throws: ServiceError.self) { try await list() }
        #expect(error?.code == .invalidInput)
      }
    }
  }

  @Test func retryOfAllNeedsItsScopeEvenWhenThereIsNothingToRetry() async throws {
    try await ServiceBench.with { bench in
      var reader = bench.owner
      reader.scopes = [.read]
      let error = await #expect(throws: ServiceError.self) {
        try await bench.service.retryDeadLetters(by: reader)
      }
      #expect(error?.code == .forbidden)
    }
  }

  @Test func revokedUnknownAndMalformedKeysAreNobody() async throws {
    try await ServiceBench.with { bench in
      let (key, record) = try await APIKeys.open(state: bench.state) {
        try await $0.make(tenant: "default", scopes: [.read], label: "")
      }
      #expect(try await bench.service.authenticate(key).scopes == [.read])
      try await APIKeys.open(state: bench.state) { try await $0.revoke(record.id) }
      let text = key.reveal { $0 }
      for wrong in [text, String(text.dropLast()) + (text.hasSuffix("A") ? "B" : "A"), "pb_x", ""] {
        let error = await #expect(throws: ServiceError.self) {
          try await bench.service.authenticate(Secret(wrong))
        }
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains(record.id) == false)
      }
    }
  }
}
