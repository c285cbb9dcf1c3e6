// swift-tools-version: 6.3
import PackageDescription

// What an author outside this repository writes; the folders are links or copies, made by CatalogueBuild.swift.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "catalogue",
  products: [.library(name: "Catalogue", type: .dynamic, targets: ["Catalogue"])],
  targets: [
    .target(name: "CPatchbay"),
    .target(name: "CForeignWork"),
    .target(name: "ConnectorModel", swiftSettings: strict),
    .target(
      name: "ConnectorKit", dependencies: ["ConnectorModel", "CPatchbay", "CForeignWork"],
      swiftSettings: strict),
    .target(
      name: "Catalogue", dependencies: ["ConnectorKit"], swiftSettings: strict,
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "--version-script=\(Context.packageDirectory)/exports.ver",
          "-Xlinker", "-z", "-Xlinker", "nodelete",
          "-Xlinker", "-z", "-Xlinker", "defs",
        ])
      ]),
  ],
  cLanguageStandard: .c11
)
