import ConnectorModel
import Synchronization
import TestTools
import Testing

@testable import Manifest

/// Connectors built by clang from `Fixtures`, once for each set of flags.
enum Fixture {
  /// Nil when there is no clang; the tests that need it are skipped, unless everything is required.
  static let clang = Tool(named: "clang")

  private static let built = Mutex<[[String]: [UInt8]]>([:])

  static var root: String {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(4)
    return "/" + parts.joined(separator: "/")
  }

  static var folder: String { "\(root)/Tests/PluginLoaderTests/Fixtures" }
  static var include: String { "\(root)/Sources/CPatchbay/include" }

  /// The bytes of `echo.c` built with these flags.
  static func library(_ flags: [String] = [], source: String = "echo.c") throws -> [UInt8] {
    if let bytes = built.withLock({ $0[flags + [source]] }) { return bytes }
    let scratch = ScratchDirectory()
    let clang = try #require(Self.clang)
    let arguments =
      ["-shared", "-fPIC", "-std=gnu11", "-O1", "-fvisibility=hidden", "-w", "-I", include, "-pthread"]
      + ["\(folder)/\(source)"] + flags + ["-o", scratch.file("library.so")]
    let (code, printed) = clang.run(arguments, output: scratch.file("log"))
    try #require(code == 0, "\(printed)")
    let bytes = readAll(scratch.file("library.so"))
    built.withLock { $0[flags + [source]] = bytes }
    return bytes
  }

  /// An empty library with this SONAME, to be linked against.
  static func stub(soname: String, in scratch: ScratchDirectory, source text: String = "") throws -> String {
    let clang = try #require(Self.clang)
    let source = scratch.write(Array((text + "\n").utf8), to: "\(soname).c")
    let path = scratch.file(soname)
    let (code, printed) = clang.run(
      ["-shared", "-fPIC", "-Wl,-soname,\(soname)", source, "-o", path], output: scratch.file("log"))
    try #require(code == 0, "\(printed)")
    return path
  }

  /// A manifest that fits `echo.c`.
  static func manifest(
    id: String = "echo", version: String = "1.0.0", library: String = "libecho.so", sha256: String? = nil,
    platform: String = "any", actions: [String] = ["echo", "fetch"], path: String = "/manifests/echo.yaml",
    _ change: (inout Manifest) -> Void = { _ in }
  ) -> Manifest {
    let action = Manifest.ActionDeclaration(
      input: nil, output: nil, effect: .read, retry: .safe, scopes: [])
    let webhook = Manifest.WebhookDeclaration(
      verification: .none, header: nil, secret: nil, tolerance: nil, handshake: .none, deduplicate: [],
      accepts: "application/json")
    var manifest = Manifest(
      id: id, version: version, name: "Echo",
      library: Manifest.Library(files: [platform: Manifest.Library.File(path: library, sha256: sha256)]),
      abi: Manifest.ABIVersion(major: 1, minor: 0), isolation: .inProcess, concurrency: .parallel,
      api: Manifest.API(version: "3.0", sunset: nil), endpoints: [:], identity: nil, auth: [:], scopes: [:],
      limits: .standard, publish: nil,
      actions: Dictionary(uniqueKeysWithValues: actions.map { ($0, action) }),
      sync: ["reports": Manifest.SyncDeclaration(record: nil, every: .seconds(3600), lookback: nil)],
      webhooks: ["events": webhook], errors: [], errorFields: ErrorFields(), capabilities: .object([:]),
      health: Manifest.Health(deepAction: nil), environment: [], configuration: nil, extensions: [],
      path: path)
    change(&manifest)
    return manifest
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs with clang only; a failure instead of a skip when `PATCHBAY_REQUIRE_ALL=1`.
  static var needsClang: Self {
    .enabled(if: Fixture.clang != nil || requiresAll, "clang is not on the PATH")
  }
}
