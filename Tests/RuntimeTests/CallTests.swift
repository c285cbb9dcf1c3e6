import ConnectorModel
import FoundationEssentials
import Operations
import Ports
import Sandbox
import Secrets
import Synchronization
import Testing

@testable import Runtime

/// One call through the real host: manifest, library, driver, curl and TLS, against the sandbox.
@Suite(.serialized) struct CallTests {
  private static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  private let example: [UInt8]

  init() throws {
    let file = Self.checkout.appending(path: "manifests/examples/mailchimp/campaign.json")
    example = [UInt8](try Data(contentsOf: file))
  }

  /// Runs `body` with a sandbox and a host on it.
  private func withHost(_ body: (Host, RunningSandbox) async throws -> Void) async throws {
    let state = FileManager.default.temporaryDirectory.appending(path: "patchbay-call-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: state) }
    let sandbox = try await Sandbox.start(SandboxOptions(stateDirectory: state.path))
    let address = SandboxAddress(
      address: "127.0.0.1", tlsPort: sandbox.tlsPort, authority: sandbox.certificateAuthorityPath)
    let host = try await Host.open(
      HostOptions(
        manifests: [Self.checkout.appending(path: "manifests").path], plugins: [Self.products.path],
        state: state.path, sandbox: address))
    try await body(host, sandbox)
    await host.stop()
    await sandbox.stop()
  }

  private func publish(
    on host: Host, key: String = "sandbox-us19", kind: KeyCredential.Kind = .apiKey
  ) throws -> Call {
    Call(
      connector: "mailchimp", action: "campaign.publish", input: example,
      connection: try host.connect(KeyCredential(Secret(key), kind: kind), to: "mailchimp"), seed: 1)
  }

  private func campaigns(_ sandbox: RunningSandbox) -> [String] {
    sandbox.requests().filter { $0.method == "POST" && $0.path.hasSuffix("/actions/send") }.map(\.path)
  }

  @Test func publishedCampaignIsOnTheSandboxOnce() async throws {
    try await withHost { host, sandbox in
      let report = try await host.run(publish(on: host))
      #expect(report.outcome == .succeeded)
      #expect(campaigns(sandbox).count == 1)
    }
  }

  @Test(arguments: ["/3.0/campaigns", "/3.0/campaigns/*/content", "/3.0/campaigns/*/actions/send"])
  func cutAfterAnEffectNeverDoublesIt(path: String) async throws {
    try await withHost { host, sandbox in
      sandbox.inject(try SandboxFault(parsing: #"{"path":"\#(path)","times":1,"do":{"reset":"after"}}"#))
      let report = try await host.run(publish(on: host))
      #expect(report.outcome == .succeeded, "\(report)")
      let created = sandbox.requests().filter { $0.method == "POST" && $0.path == "/3.0/campaigns" }
      #expect(created.count == 1)
      #expect(campaigns(sandbox).count == 1)
    }
  }

  @Test(arguments: ["/3.0/campaigns", "/3.0/campaigns/*/actions/send"])
  func cutBeforeAnEffectIsRepeatedByTheConnector(path: String) async throws {
    try await withHost { host, sandbox in
      sandbox.inject(
        try SandboxFault(parsing: #"{"method":"POST","path":"\#(path)","times":1,"do":{"reset":"before"}}"#))
      let report = try await host.run(publish(on: host))
      #expect(report.outcome == .succeeded, "\(report)")
      let sent = try #require(sandbox.requests().last { $0.path.hasSuffix("/actions/send") })
      #expect(sent.status == 204)
    }
  }

  @Test func rejectedKeyIsUnauthenticated() async throws {
    try await withHost { host, _ in
      let report = try await host.run(publish(on: host, key: "wrong-us19"))
      #expect(report.outcome == .failed)
      #expect(report.error?.code == "unauthenticated")
      #expect(report.error?.action.isEmpty == false)
    }
  }

  @Test func keyWithoutADataCentreUsesTheRootHost() async throws {
    try await withHost { host, sandbox in
      _ = try await host.run(publish(on: host, key: "nodatacentre"))
      #expect(sandbox.requests().allSatisfy { $0.host == "api.mailchimp.com" })
      #expect(!sandbox.requests().isEmpty)
    }
  }

  @Test func manyCallsAtOnceStayWithinTenConnections() async throws {
    try await withHost { host, sandbox in
      let connection = try publish(on: host).connection
      let reports = try await withThrowingTaskGroup(of: CallReport.self) { group in
        for seed in 0..<30 {
          var call = try publish(on: host)
          call.connection = connection
          call.seed = UInt64(seed)
          group.addTask { [call] in try await host.run(call) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(reports.allSatisfy { $0.outcome == .succeeded })
      #expect(!sandbox.requests().contains { $0.status == 429 })
      #expect(campaigns(sandbox).count == 30)
    }
  }

  @Test func noSecretLeavesTheHost() async throws {
    let canary = "canary0123456789-us19"
    try await withHost { host, _ in
      let told = Mutex<[String]>([])
      var call = try publish(on: host, key: canary)
      call.observe = { step in told.withLock { $0.append(String(reflecting: step)) } }
      let report = try await host.run(call)
      told.withLock { $0.append(String(reflecting: report)) }
      #expect(!told.withLock { $0.joined() }.contains("canary0123456789"))
    }
  }
}
