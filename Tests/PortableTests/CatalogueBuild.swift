import FoundationEssentials
import Glibc
import Ports

@testable import PluginLoader

/// One of the four libraries made of `Fixtures`: all are the module `Catalogue` and the connector `catalogue`.
struct CatalogueBuild: Sendable, Hashable, CustomStringConvertible {
  enum Flavour: String, CaseIterable { case portable, shared }
  enum Revision: String, CaseIterable { case first = "A", second = "B" }

  let flavour: Flavour
  let revision: Revision

  static let all = Flavour.allCases.flatMap { flavour in
    Revision.allCases.map { CatalogueBuild(flavour: flavour, revision: $0) }
  }

  var version: String { revision == .first ? "1.0.0" : "2.0.0" }
  var description: String { "\(flavour.rawValue) \(revision.rawValue)" }
  var fileName: String { "libCatalogue-\(flavour.rawValue)-\(revision.rawValue).so" }
  var path: String { "\(Self.folder)/\(fileName)" }

  struct Failed: Error, CustomStringConvertible { var description: String }

  // MARK: Building, once a run

  private static let built = Task<Void, any Error> {
    try await NamedThread.run("portable-build") { try buildAll() }
  }

  /// Waits until all four lie at their paths.
  ///
  /// They are built as an author outside this repository builds: by SwiftPM, from a package with the kit's sources
  /// beside the connector's. About a minute the first time; kept until a source or the toolchain changes.
  static func prepareAll() async throws { try await built.value }

  static var root: String {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/")
  }

  private static var fixtures: String { "\(root)/Tests/PortableTests/Fixtures" }

  /// Beside the running test program, so in its build's scratch path.
  private static let folder: String = {
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let place = (program ?? "/tmp/tests").split(separator: "/").dropLast().joined(separator: "/")
    return "/\(place)/portable-tests"
  }()

  private static let kit = ["CPatchbay", "CForeignWork", "ConnectorModel", "ConnectorKit"]

  private static func buildAll() throws {
    let files = FileManager.default
    let key = try key()
    let keyFile = "\(folder)/key"
    let known = files.contents(atPath: keyFile).map { String(decoding: $0, as: UTF8.self) }
    if known == key, all.allSatisfy({ files.fileExists(atPath: $0.path) }) { return }
    try writePackage()
    try? files.removeItem(atPath: keyFile)
    for flavour in Flavour.allCases {
      for revision in Revision.allCases { try CatalogueBuild(flavour: flavour, revision: revision).build() }
    }
    try Data(key.utf8).write(to: URL(filePath: keyFile))
  }

  /// Everything that the libraries are made of.
  private static func key() throws -> String {
    let folders = kit.map { "\(root)/Sources/\($0)" } + [fixtures, "\(root)/Plugins/exports.ver"]
    var bytes: [UInt8] = []
    for folder in folders {
      let inside = (try? FileManager.default.subpathsOfDirectory(atPath: folder))?.sorted().map {
        "\(folder)/\($0)"
      }
      for path in inside ?? [folder] {
        guard let data = FileManager.default.contents(atPath: path) else { continue }
        bytes += Array("\(path) \(data.count)\n".utf8) + data
      }
    }
    let log = "\(folder)/version"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: log)
    _ = Tool(named: "swift")?.run(["--version"], log: log)
    bytes += FileManager.default.contents(atPath: log).map { [UInt8]($0) } ?? []
    return try SHA256Digest(of: bytes).hex
  }

  private static var package: String { "\(folder)/package" }

  private static func writePackage() throws {
    let files = FileManager.default
    let connector = "\(package)/Sources/Catalogue"
    // Its build folders stay, for the next change.
    try? files.removeItem(atPath: "\(package)/Sources")
    try files.createDirectory(atPath: connector, withIntermediateDirectories: true)
    func link(_ name: String, to target: String) throws {
      try? files.removeItem(atPath: "\(package)/\(name)")
      try files.createSymbolicLink(atPath: "\(package)/\(name)", withDestinationPath: target)
    }
    try link("Package.swift", to: "\(fixtures)/Package.swift")
    try link("exports.ver", to: "\(root)/Plugins/exports.ver")
    for module in kit { try link("Sources/\(module)", to: "\(root)/Sources/\(module)") }
    for name in try files.contentsOfDirectory(atPath: "\(fixtures)/Catalogue") {
      try link("Sources/Catalogue/\(name)", to: "\(fixtures)/Catalogue/\(name)")
    }
  }

  private func build() throws {
    let files = FileManager.default
    let source = try Data(contentsOf: URL(filePath: "\(Self.fixtures)/Revisions/\(revision.rawValue).swift"))
    try source.write(to: URL(filePath: "\(Self.package)/Sources/Catalogue/Revision.swift"))
    let scratch = "\(Self.package)/.build-\(flavour.rawValue)"
    let log = "\(Self.folder)/\(flavour.rawValue)-\(revision.rawValue).log"
    try? files.removeItem(atPath: log)
    guard let timeout = Tool(named: "timeout") else {
      throw Failed(description: "there is no timeout command")
    }
    let code = timeout.run(
      [
        "--kill-after=10", "240", "swift", "build", "-c", "release", "--product", "Catalogue",
        "--package-path", Self.package, "--scratch-path", scratch,
      ] + (flavour == .portable ? ["-Xswiftc", "-static-stdlib"] : []), log: log)
    guard code == 0 else {
      let printed = files.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
      throw Failed(description: "building \(self) ended with \(code):\n\(printed.suffix(4_000))")
    }
    try? files.removeItem(atPath: path)
    try files.copyItem(atPath: "\(scratch)/release/libCatalogue.so", toPath: path)
  }
}
