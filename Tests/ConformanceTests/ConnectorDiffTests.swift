import ConnectorModel
import Foundation
import Manifest
import TestTools
import Testing

@testable import Conformance

/// Which version is due for which change.
@Suite(.offThePool) struct ConnectorDiffTests {
  private static let schema =
    #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#

  private struct Version {
    let scratch = ScratchDirectory()
    let manifest: Manifest

    init(
      input: String = ConnectorDiffTests.schema, output: String = ConnectorDiffTests.schema,
      _ change: (inout Manifest) -> Void = { _ in }
    ) {
      let paths = [
        scratch.write(Array(input.utf8), to: "in.json"), scratch.write(Array(output.utf8), to: "out.json"),
      ]
      var manifest = Manifest(
        id: "m", version: "1.2.3",
        endpoints: ["api": .init(bases: ["https://a.example.com"], methods: ["GET"], auth: ["default"])],
        auth: ["default": AuthProfile(alternatives: [])],
        actions: [
          "do": .init(input: paths[0], output: paths[1], effect: .write, retry: .idempotent, scopes: ["s"])
        ],
        sync: ["things": .init(every: .seconds(60))],
        webhooks: ["hook": .init(verification: .hmacSHA256)])
      manifest.limits.buckets = ["b": .init(scope: .app, rate: .init(count: 10, window: .seconds(1)))]
      change(&manifest)
      self.manifest = manifest
    }
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var what: String
    var due: VersionBump
    var change: @Sendable (inout Manifest) -> Void
    var testDescription: String { what }
  }

  static let rows: [Row] = [
    Row(what: "", due: .none) { _ in },
    Row(what: "action_removed", due: .major) { $0.actions["do"] = nil },
    Row(what: "action_added", due: .minor) { $0.actions["more"] = .init(effect: .read) },
    Row(what: "sync_removed", due: .major) { $0.sync = [:] },
    Row(what: "sync_added", due: .minor) { $0.sync["more"] = .init(every: .seconds(1)) },
    Row(what: "webhook_removed", due: .major) { $0.webhooks = [:] },
    Row(what: "webhook_added", due: .minor) { $0.webhooks["more"] = .init(verification: .none) },
    Row(what: "webhook_changed", due: .major) { $0.webhooks["hook"]?.verification = .timestampedHMAC },
    Row(what: "scope_added", due: .major) { $0.actions["do"]?.scopes = ["s", "t"] },
    Row(what: "scope_removed", due: .patch) { $0.actions["do"]?.scopes = [] },
    Row(what: "endpoint_added", due: .minor) { $0.endpoints["b"] = .init(bases: [], methods: []) },
    Row(what: "endpoint_removed", due: .patch) { $0.endpoints = [:] },
    Row(what: "endpoint_base", due: .minor) { $0.endpoints["api"]?.bases.append("https://b.example.com") },
    Row(what: "method_added", due: .minor) { $0.endpoints["api"]?.methods = ["GET", "POST"] },
    Row(what: "limit_narrowed", due: .minor) { $0.limits.operation.effects = 3 },
    Row(what: "limit_narrowed", due: .minor) { $0.limits.buckets["b"]?.rate?.count = 5 },
    Row(what: "limit_widened", due: .patch) { $0.limits.buckets["b"]?.rate?.count = 50 },
    Row(what: "effect", due: .major) { $0.actions["do"]?.effect = .destructive },
    Row(what: "effect", due: .minor) { $0.actions["do"]?.effect = .read },
    Row(what: "retry", due: .major) { $0.actions["do"]?.retry = .never },
    Row(what: "retry", due: .minor) { $0.actions["do"]?.retry = .safe },
    Row(what: "abi_major", due: .major) { $0.abi = .init(major: 2, minor: 0) },
    Row(what: "abi_minor", due: .minor) { $0.abi = .init(major: 1, minor: 1) },
    Row(what: "auth_removed", due: .major) { $0.auth = [:] },
    Row(what: "environment_added", due: .major) { $0.environment = ["A_KEY"] },
    Row(what: "api_version", due: .minor) { $0.api.version = "2" },
    Row(what: "other", due: .patch) { $0.name = "Another name" },
  ]

  @Test(arguments: rows) func changeHasItsBump(row: Row) {
    let old = Version()
    let new = Version(row.change)
    let diff = ConnectorDiff(old.manifest, new.manifest)
    #expect(diff.due == row.due, "\(diff.text)")
    #expect(
      row.what.isEmpty ? diff.changes.isEmpty : diff.changes.contains { $0.change == row.what },
      "\(diff.text)")
  }

  @Test(arguments: [
    // The new schema, and what is due when it is the input's and the output's.
    (
      #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false,"required":["a"]}"#,
      "major", "minor"
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string","maxLength":3}},"additionalProperties":false}"#,
      "major", "minor"
    ),
    (
      #"{"type":"object","properties":{"a":{"type":["string","null"]}},"additionalProperties":false}"#,
      "minor", "major"
    ),
    (
      #"{"type":"object","properties":{"a":{"type":"string"},"b":{}},"additionalProperties":false}"#, "minor",
      "minor"
    ),
    (#"{"type":"object","properties":{},"additionalProperties":false}"#, "major", "major"),
    (#"{"type":"object","properties":{"a":{"type":"string"}}}"#, "minor", "major"),
    (
      #"{"type":"object","properties":{"a":{"type":"string","pattern":"^x"}},"additionalProperties":false}"#,
      "major", "minor"
    ),
    (
      #"{"type":"object","properties":{"a":{"enum":["x"],"type":"string"}},"additionalProperties":false}"#,
      "major", "minor"
    ),
    (
      #"{"type":"object","title":"T","properties":{"a":{"type":"string","description":"d"}},"additionalProperties":false}"#,
      "none", "none"
    ),
    (
      ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/s"}},"additionalProperties":false,"$defs":{"s":{"type":"string"}}}"##,
      "none", "none"
    ),
  ])
  func schemaHasItsBump(new: String, asInput: String, asOutput: String) {
    let old = Version()
    let input = Version(input: new)
    let output = Version(output: new)
    let first = ConnectorDiff(old.manifest, input.manifest)
    let second = ConnectorDiff(old.manifest, output.manifest)
    // Paths differ between the two versions' folders; nothing else is left to tell.
    #expect(first.due == (asInput == "none" ? .patch : VersionBump(rawValue: asInput)), "\(first.text)")
    #expect(second.due == (asOutput == "none" ? .patch : VersionBump(rawValue: asOutput)), "\(second.text)")
  }

  @Test(arguments: [
    ("1.2.3", "1.2.3", "none"), ("1.2.3", "1.2.4", "patch"), ("1.2.3", "1.3.0", "minor"),
    ("1.2.3", "2.0.0", "major"),
    ("0.2.3", "0.3.0", "major"), ("0.2.3", "0.2.4", "patch"), ("1.2.3", "1.2.2", nil), ("1.2", "2.0.0", nil),
  ])
  func versionsDeclareABump(old: String, new: String, bump: String?) {
    #expect(VersionBump(from: old, to: new)?.rawValue == bump)
  }

  @Test func tooSmallABumpIsDishonest() {
    let old = Version()
    func diff(_ version: String) -> ConnectorDiff {
      let new = Version { manifest in
        manifest.version = version
        manifest.actions = [:]
      }
      return ConnectorDiff(old.manifest, new.manifest)
    }
    #expect(!diff("1.3.0").isHonest && diff("2.0.0").isHonest && !diff("1.0.0").isHonest)
    #expect(diff("1.3.0").text.hasSuffix("major is due, a minor version is declared; raise the version\n"))
  }

  @Test func anotherLibraryIsAPatch() {
    let version = Version()
    let diff = ConnectorDiff(version.manifest, version.manifest, libraries: ("a", "b"))
    #expect(diff.due == .patch && diff.changes.map(\.change) == ["library_changed"] && !diff.isHonest)
    #expect(ConnectorDiff(version.manifest, version.manifest, libraries: (nil, "b")).isHonest)
  }
}
