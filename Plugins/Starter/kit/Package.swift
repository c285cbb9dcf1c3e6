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
  name: "patchbay-kit",
  products: [
    .library(name: "ConnectorKit", targets: ["ConnectorKit"]),
    .library(name: "ConnectorTesting", targets: ["ConnectorTesting"]),
  ],
  targets: [
    .target(name: "CPatchbay"),
    .target(name: "CForeignWork"),
    .target(name: "ConnectorModel", swiftSettings: strict),
    .target(
      name: "ConnectorKit", dependencies: ["ConnectorModel", "CPatchbay", "CForeignWork"],
      swiftSettings: strict),
    .target(name: "ConnectorTesting", dependencies: ["ConnectorKit"], swiftSettings: strict),
  ],
  cLanguageStandard: .c11
)
