// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "starter_connector",
  products: [
    .library(name: "starter_connector", type: .dynamic, targets: ["StarterConnector"])
  ],
  dependencies: [
    // A copy of the kit, so that nothing is fetched.
    .package(path: "Vendor/patchbay-kit")
  ],
  targets: [
    .target(
      name: "StarterConnector", dependencies: [.product(name: "ConnectorKit", package: "patchbay-kit")],
      swiftSettings: strict,
      linkerSettings: [
        // A connector exports its entry and nothing else, and is never unmapped.
        .unsafeFlags([
          "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.ver",
          "-Xlinker", "-z", "-Xlinker", "nodelete",
          "-Xlinker", "-z", "-Xlinker", "defs",
        ])
      ]),
    .testTarget(
      name: "StarterConnectorTests",
      dependencies: [
        "StarterConnector",
        .product(name: "ConnectorKit", package: "patchbay-kit"),
        .product(name: "ConnectorTesting", package: "patchbay-kit"),
      ],
      swiftSettings: strict),
  ]
)
