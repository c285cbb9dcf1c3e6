// swift-tools-version: 6.3
import PackageDescription

// One set of rules for every Swift target: Swift 6 mode, strict memory safety, no warning survives.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A connector exports its entry and nothing else, and is never unmapped.
let connectorLink: [LinkerSetting] = [
  .unsafeFlags([
    "-Xlinker", "--version-script=\(Context.packageDirectory)/Plugins/exports.ver",
    "-Xlinker", "-z", "-Xlinker", "nodelete",
    "-Xlinker", "-z", "-Xlinker", "defs",
  ])
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "patchbay",
  products: [
    .executable(name: "patchbay", targets: ["patchbay"]),
    .library(name: "ConnectorKit", targets: ["ConnectorKit"]),
    .library(name: "ConnectorTesting", targets: ["ConnectorTesting"]),
    .library(name: "MailchimpConnector", type: .dynamic, targets: ["MailchimpConnector"]),
    .library(name: "BenchConnector", type: .dynamic, targets: ["BenchConnector"]),
    .library(name: "starter_connector", type: .dynamic, targets: ["StarterConnector"]),
    // For tests of syncs.
    .library(name: "FeedConnector", type: .dynamic, targets: ["FeedConnector"]),
    // For tests of what only Swift can break.
    .library(name: "StrayConnector", type: .dynamic, targets: ["StrayConnector"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
  ],
  targets: [
    // C: one owner each.
    .target(name: "CPatchbay"),
    .target(name: "CForeignWork"),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(
      name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .systemLibrary(name: "CYAML"),
    .target(name: "CProbe", dependencies: ["CPatchbay"]),
    .target(name: "CStarter"),

    // Values.
    .target(name: "ConnectorModel", swiftSettings: strict),
    .target(name: "Secrets", swiftSettings: strict),
    .target(
      name: "Manifest", dependencies: ["ConnectorModel", "JSONSchema", "CYAML"],
      swiftSettings: strict),
    .target(name: "JSONSchema", dependencies: ["ConnectorModel"], swiftSettings: strict),
    .target(
      name: "Ports", dependencies: ["ConnectorModel", "Secrets"], swiftSettings: strict),
    .target(
      name: "DevelopmentCertificates", dependencies: ["COpenSSL"], swiftSettings: strict),

    // The connector's side.
    .target(
      name: "ConnectorKit", dependencies: ["ConnectorModel", "CPatchbay", "CForeignWork"],
      swiftSettings: strict),
    .target(name: "ConnectorTesting", dependencies: ["ConnectorKit"], swiftSettings: strict),

    // Edges.
    .target(
      name: "PluginLoader",
      dependencies: [
        "CPatchbay", "CForeignWork", "COpenSSL", "ConnectorModel", "Manifest", "Ports",
      ],
      swiftSettings: strict),
    .target(
      name: "Egress", dependencies: ["CCurl", "ConnectorModel", "Manifest", "Ports", "Secrets"],
      swiftSettings: strict),
    .target(name: "Storage", dependencies: ["ConnectorModel", "Ports", grdb], swiftSettings: strict),
    .target(
      name: "Vault", dependencies: ["COpenSSL", "Ports", "Secrets"], swiftSettings: strict),
    .target(
      name: "Telemetry", dependencies: ["ConnectorModel", "Ports", "Secrets", logging],
      swiftSettings: strict),

    // Flow.
    .target(name: "Jobs", dependencies: ["ConnectorModel", "Manifest", "Ports"], swiftSettings: strict),
    .target(
      name: "Operations", dependencies: ["ConnectorModel", "Manifest", "Ports"],
      swiftSettings: strict),

    // Composition and faces.
    .target(
      name: "Runtime",
      dependencies: [
        "ConnectorModel", "Secrets", "Manifest", "JSONSchema", "Ports", "PluginLoader", "Egress",
        "Storage", "Vault", "Telemetry", "Operations", "Jobs",
      ],
      swiftSettings: strict),
    .target(
      name: "HTTPAPI",
      dependencies: [
        "ConnectorModel", "Ports", "Runtime", "Secrets", "DevelopmentCertificates", hummingbird,
        hummingbirdCore, hummingbirdTLS, nioCore, nioHTTP1, nioSSL, logging,
      ],
      swiftSettings: strict),
    .target(
      name: "Sandbox",
      dependencies: [
        "ConnectorModel", "COpenSSL", "DevelopmentCertificates", nioCore, nioPosix, nioHTTP1, nioSSL,
      ],
      swiftSettings: strict),
    .target(
      name: "Conformance",
      dependencies: [
        "CProbe", "ConnectorModel", "Egress", "JSONSchema", "Manifest", "Operations", "PluginLoader", "Ports",
        "Secrets",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "patchbay",
      dependencies: [
        "CStarter", "Conformance", "ConnectorModel", "Egress", "HTTPAPI", "Manifest", "Operations",
        "PluginLoader",
        "Ports",
        "Runtime", "Sandbox", "Secrets", "Storage", "Jobs", "Telemetry",
        argumentParser,
      ],
      swiftSettings: strict),

    // Connectors: ConnectorKit and nothing else of ours.
    .target(
      name: "MailchimpConnector", dependencies: ["ConnectorKit"], path: "Plugins/Mailchimp",
      swiftSettings: strict, linkerSettings: connectorLink),
    .target(
      name: "BenchConnector", dependencies: ["ConnectorKit"], path: "Plugins/Bench",
      swiftSettings: strict, linkerSettings: connectorLink),
    .target(
      name: "StarterConnector", dependencies: ["ConnectorKit"],
      path: "Plugins/Starter/swift/Sources/StarterConnector",
      swiftSettings: strict, linkerSettings: connectorLink),

    // Tests.
    .target(name: "TestTools", dependencies: ["Ports"], path: "Tests/TestTools", swiftSettings: strict),
    .target(
      name: "FeedConnector", dependencies: ["ConnectorKit"], path: "Tests/Connectors/Feed",
      exclude: ["manifests"], swiftSettings: strict, linkerSettings: connectorLink),
    .target(
      name: "StrayConnector", dependencies: ["ConnectorKit"], path: "Tests/Connectors/Stray",
      exclude: ["manifests"], swiftSettings: strict, linkerSettings: connectorLink),
    .testTarget(
      name: "CPatchbayTests", dependencies: ["CPatchbay", "TestTools"], exclude: ["layout.lock", "header.c"],
      swiftSettings: strict),
    .testTarget(
      name: "ConnectorModelTests", dependencies: ["ConnectorModel"], swiftSettings: strict),
    .testTarget(name: "SecretsTests", dependencies: ["Secrets"], swiftSettings: strict),
    .testTarget(
      name: "ManifestTests", dependencies: ["Manifest", "ConnectorModel", "JSONSchema", "TestTools"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "JSONSchemaTests", dependencies: ["JSONSchema", "ConnectorModel"],
      exclude: ["Fixtures", "Python"], swiftSettings: strict),
    .testTarget(name: "PortsTests", dependencies: ["Ports", "ConnectorModel"], swiftSettings: strict),
    .testTarget(
      name: "ConnectorKitTests", dependencies: ["ConnectorKit", "ConnectorTesting"],
      swiftSettings: strict),
    .testTarget(
      name: "HardFlowTests", dependencies: ["ConnectorKit", "ConnectorTesting"],
      swiftSettings: strict),
    .testTarget(
      name: "PluginLoaderTests",
      dependencies: [
        "PluginLoader", "Operations", "Manifest", "Ports", "ConnectorModel", "TestTools",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "PortableTests",
      dependencies: ["PluginLoader", "Operations", "Manifest", "Ports", "ConnectorModel", "TestTools"],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "OperationsTests",
      dependencies: [
        "Operations", "Egress", "Sandbox", "ConnectorKit", "MailchimpConnector", "Ports", "Manifest",
        "Secrets", "ConnectorModel", "TestTools",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EgressTests",
      dependencies: [
        "Egress", "Ports", "Manifest", "Secrets", "ConnectorModel", "TestTools",
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "StorageTests", dependencies: ["Storage", "Ports", "ConnectorModel", "TestTools", grdb],
      exclude: ["Fixtures"], swiftSettings: strict),
    .testTarget(
      name: "VaultTests", dependencies: ["Vault", "Ports", "Secrets", "TestTools"], swiftSettings: strict),
    .testTarget(
      name: "TelemetryTests", dependencies: ["Telemetry", "Ports", "Secrets", "ConnectorModel", logging],
      swiftSettings: strict),
    .testTarget(
      name: "JobsTests", dependencies: ["Jobs", "Ports", "Manifest", "ConnectorModel"],
      swiftSettings: strict),
    .testTarget(
      name: "HTTPAPITests",
      dependencies: [
        "HTTPAPI", "Runtime", "JSONSchema", "Ports", "ConnectorModel", "Secrets", "TestTools",
        nioCore,
      ],
      exclude: ["Python"], swiftSettings: strict),
    .testTarget(
      name: "DevelopmentCertificatesTests", dependencies: ["DevelopmentCertificates"],
      swiftSettings: strict),
    .testTarget(
      name: "SandboxTests",
      dependencies: [
        "Sandbox", "ConnectorModel", "TestTools",
      ],
      exclude: ["Python"], swiftSettings: strict),
    .testTarget(
      name: "MailchimpTests",
      dependencies: ["MailchimpConnector", "ConnectorKit", "ConnectorTesting"],
      swiftSettings: strict),
    .testTarget(
      name: "RuntimeTests",
      dependencies: [
        "Runtime", "Sandbox", "Egress", "Manifest", "Operations", "Ports", "ConnectorModel", "Secrets",
        "Jobs",
        "PluginLoader", "Storage", "Telemetry", "TestTools", "Vault", "MailchimpConnector",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "Conformance", "ConnectorModel", "Manifest", "Ports", "PluginLoader", "TestTools", "patchbay",
      ],
      exclude: ["Mutants"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests", dependencies: ["patchbay", "ConnectorModel", "TestTools"], swiftSettings: strict),
  ],
  cLanguageStandard: .c11
)
