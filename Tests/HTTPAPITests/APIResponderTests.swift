import ConnectorModel
import JSONSchema
import Ports
import Runtime
import Testing

@testable import HTTPAPI

@Suite struct APIResponderTests {
  let bench = APIBench()

  // MARK: Every route

  @Test func everyRouteAnswersAsItIsDescribed() async throws {
    for route in RouteTable.all.routes {
      let answer = await bench.ask(route.method.rawValue, route.sampleTarget, body: route.sampleBody)
      let success = try #require(
        route.successes.first { $0.status == answer.status }, "\(route.operationID): \(answer.status)")
      try expect(answer, fits: success, in: route)
    }
  }

  @Test func everyErrorOfTheServiceIsDescribedByItsForm() async throws {
    for code in ServiceError.Code.allCases {
      bench.service.fail(with: ServiceError(code, "Not now.", pointer: "/payload", retryAfter: .seconds(7)))
      let answer = await bench.ask("GET", "/api/jobs/job_1")
      #expect(answer.status == Problem.Code(code).status)
      #expect(answer.mediaType == "application/problem+json")
      let schema = try JSONSchema(closing: Problem.schema)
      #expect(schema.validate(answer.value) == [], "\(code)")
      #expect(answer.value["pointer"] == "/payload" || code == .internal)
    }
    bench.service.fail(with: nil)
  }

  private func expect(_ answer: Answer, fits success: Route.Success, in route: Route) throws {
    #expect(answer.mediaType?.split(separator: ";").first == success.mediaType?.split(separator: ";").first)
    guard success.mediaType == Answer.jsonMediaType else { return }
    let findings = try JSONSchema(closing: success.schema).validate(answer.value)
    #expect(findings == [], "\(route.operationID)")
  }

  @Test func schemasOfAnswersRefuseOtherAnswers() async throws {
    var job = await bench.ask("GET", "/api/jobs/job_1").value
    let schema = try JSONSchema(closing: JobDetail.schema)
    #expect(schema.validate(job).isEmpty)
    guard case .object(var members) = job else { return }
    members["surprise"] = 1
    members["state"] = "confused"
    job = .object(members)
    #expect(schema.validate(job).count == 2)
  }

  // MARK: Keys

  @Test func routesWithoutAKeyAreFew() async {
    for route in RouteTable.all.routes {
      let answer = await bench.ask(
        route.method.rawValue, route.sampleTarget, key: nil, body: route.sampleBody)
      let isOpen = ["/ping", "/ready", "/metrics", "/openapi.json", "/"].contains(route.template)
      #expect((answer.status == 401) == !isOpen, "\(route.operationID)")
      if !isOpen { #expect(answer.header("WWW-Authenticate") == #"Bearer realm="patchbay""#) }
    }
  }

  @Test func wrongKeysAreChallenged() async {
    for key in ["pb_unknown1_x", "nonsense"] {
      let answer = await bench.ask("GET", "/api/jobs", key: key)
      #expect(answer.status == 401)
      #expect(answer.header("WWW-Authenticate")?.contains("invalid_token") == true)
    }
  }

  @Test func scopesAreAskedFor() async {
    for route in RouteTable.all.routes {
      guard case .key(let scope) = route.access else { continue }
      let answer = await bench.ask(
        route.method.rawValue, route.sampleTarget, key: ScriptedService.readOnly, body: route.sampleBody)
      #expect((answer.status == 403) == (scope != .read), "\(route.operationID)")
      #expect(route.method == .get || scope != .read, "\(route.operationID) writes")
    }
  }

  @Test func metricsNeedAKeyWhereOthersCanReachTheHost() async {
    var bench = bench
    bench.isLoopbackOnly = false
    #expect(await bench.ask("GET", "/metrics", key: nil).status == 401)
    #expect(await bench.ask("GET", "/metrics", key: ScriptedService.readOnly).status == 403)
    #expect(await bench.ask("GET", "/metrics").status == 200)
    #expect(await bench.ask("GET", "/ping", key: nil).status == 200)
  }

  // MARK: Answers

  @Test func jobsTellWhereTheirTimeWent() async {
    let job = await bench.ask("GET", "/api/jobs/job_2").value
    #expect(job["scheduledFor"] == "2026-02-03T04:06:06.789Z")
    #expect(job["nextAttemptAt"] == .null)
    let attempt = job["attemptsLog"]?.elements?.first
    #expect(attempt?["timesMs"]?["network"] == 120)
    #expect(attempt?["error"]?["pointer"] == "/subject")
    let bytes = (try? StableJSON.encode(attempt?["timesMs"] ?? .null)) ?? []
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"connector":0.25,"journal":0.003,"limiter":0,"network":120,"queue":1.5,"token":0.007}"#)
  }

  @Test func storedNumbersKeepAllTheirDigits() async {
    let jobs = await bench.ask("GET", "/api/jobs").value
    #expect(jobs["items"]?.elements?.first?["result"]?["size"] == 12_345_678_901_234_567)
  }

  @Test func secretsAndInsidesOfConnectionsAreNotShown() async {
    let answer = await bench.ask("GET", "/api/connections/con_1")
    let text = answer.text
    #expect(!text.contains("hidden") && !text.contains("us19"))
  }

  @Test func tenantsDoNotSeeWhereFilesLie() async {
    let seen = await bench.ask("GET", "/api/connectors", key: ScriptedService.readOnly)
    #expect(!seen.text.contains("/srv"))
    #expect(await bench.ask("GET", "/api/connectors").text.contains("/srv/manifests"))
  }

  @Test func hostsThatAreNotReadySaySo() async {
    bench.service.setReady(false)
    let answer = await bench.ask("GET", "/ready", key: nil)
    #expect(answer.status == 503)
    #expect(answer.value["checks"]?.elements?.first?["message"] == "The disk is full.")
    #expect(await bench.ask("GET", "/ping", key: nil).status == 200)
  }

  @Test func queueHealthCountsEveryState() async {
    let health = await bench.ask("GET", "/api/health/queue").value
    #expect(health["waiting"] == 2)
    #expect(health["jobs"]?["published"] == 7)
    #expect(health["jobs"]?["dead"] == 0)
  }

  @Test func failuresInsideTellNothing() async {
    bench.service.fail(with: ServiceError(.internal, "SELECT * FROM secrets"))
    let answer = await bench.ask("GET", "/api/jobs")
    #expect(answer.status == 500)
    #expect(!answer.text.contains("SELECT"))
  }

  @Test func overloadSaysWhenToComeAgain() async {
    bench.service.fail(with: ServiceError(.overloaded, "Too much waits.", retryAfter: .seconds(7)))
    let answer = await bench.ask(
      "POST", "/api/publish", body: #"{"connectionId":"c","idempotencyKey":"k","payload":{}}"#)
    #expect(answer.status == 503)
    #expect(answer.header("Retry-After") == "7")
  }
}

extension JSONSchema {
  /// The schema as answers are held to in tests: no member that it does not name.
  init(closing schema: Schema) throws {
    var root = Self.closed(schema.json)
    if case .object(var members) = root {
      members["$defs"] = .object(schema.components.mapValues(Self.closed))
      root = .object(members)
    }
    try self.init(parsing: root)
  }

  private static func closed(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(var members):
      members = members.mapValues(closed)
      if members["properties"] != nil { members["additionalProperties"] = false }
      if case .string(let reference) = members["$ref"] {
        members["$ref"] = .string(reference.replacing("#/components/schemas/", with: "#/$defs/"))
      }
      return .object(members)
    case .array(let elements): return .array(elements.map(closed))
    default: return value
    }
  }
}
