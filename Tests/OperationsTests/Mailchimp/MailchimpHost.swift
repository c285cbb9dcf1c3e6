import Egress
import FoundationEssentials
import Manifest
import Ports
import Secrets
import Testing

@testable import MailchimpConnector
@testable import Operations

/// The real connector, manifest and edge, on a simulator.
struct MailchimpHost {
  let manifest: Manifest
  let threads: TurnThreads

  init(threads: TurnThreads) throws {
    let readings = ManifestDirectory.read(
      [Self.checkout.appending(path: "manifests").path], today: CalendarDate(secondsSince1970: 1_767_225_600))
    manifest = try #require(readings.compactMap(\.manifest).first { $0.id == "mailchimp" })
    self.threads = threads
  }

  private static let checkout = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// An action with the input that stands in the examples.
  func lives(_ action: String, example: String, on simulator: MailchimpSimulator) throws -> Lives {
    let file = Self.checkout.appending(path: "manifests/examples/mailchimp/\(example).json")
    return Lives(
      name: action, input: [UInt8](try Data(contentsOf: file)),
      connector: { life, clock in connector(life, clock, on: simulator) }, threads: threads)
  }

  /// - Parameter key: says who asks, and under which plan.
  func connector(
    _ life: Life, _ clock: any HostClock, on simulator: MailchimpSimulator, key: String = "sandbox-us19"
  ) -> HostedConnector {
    let transport = LifeTransport(life: life, clock: clock, simulator: simulator)
    return HostedConnector(
      instance: KitConnector(Mailchimp.self),
      http: Egress(manifest: manifest, tokens: OneKey(key: key), transport: transport, clock: clock, seed: 1),
      limits: manifest.limits.operation)
  }
}

private struct OneKey: TokenSource {
  let key: String

  func token(connection: String, profile: String) async throws(TokenFailure) -> Token {
    Token(secret: Secret(key), alternative: 0)
  }
  func refresh(connection: String, profile: String, after generation: UInt64) async throws(TokenFailure)
    -> Token?
  {
    nil
  }
}
