import Foundation
import TestTools
import Testing

@testable import Conformance

/// A connector in C from `Mutants`, built into a directory with the manifest and the transcripts of `perfect`.
struct Mutant {
  static let clang = Tool(named: "clang")
  static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let folder = checkout.appending(path: "Tests/ConformanceTests/Mutants")
  /// The program beside this test's own executable.
  static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "patchbay").path
  /// Where the connectors of this repository are built.
  static let products = URL(filePath: program).deletingLastPathComponent().path

  let name: String
  let subject: Subject
  private let headers: [String: String]
  /// Kept: the library lies in it.
  private let scratch: ScratchDirectory

  private static let files: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".c") }.map { String($0.dropLast(2)) }.sorted()
  }()
  /// Names of the files that break a numbered rule, in order.
  static let all = files.filter { $0.dropFirst().hasPrefix("-") }
  /// Those whose fault no number names: of the manifest, the file, the values.
  static let unnumbered = files.filter { name in
    ["manifest-", "library-", "secret-", "value-", "transcript-"].contains { name.hasPrefix($0) }
  }
  /// Those that a SHOULD or a measure is about.
  static let warned = files.filter { $0.hasPrefix("warned-") }

  init(_ name: String) throws {
    self.name = name
    let source = Self.folder.appending(path: "\(name).c")
    let text = try String(contentsOf: source, encoding: .utf8)
    var headers: [String: String] = [:]
    for line in text.split(separator: "\n").prefix(while: { $0.hasPrefix("//") }) {
      let words = line.dropFirst(3).split(separator: ":", maxSplits: 1)
      headers[String(words[0])] = words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : ""
    }
    self.headers = headers
    scratch = ScratchDirectory()
    let clang = try #require(Self.clang)
    let arguments =
      ["-shared", "-fPIC", "-std=gnu11", "-O0", "-fvisibility=hidden", "-w"]
      + [
        "-I", Self.folder.path, "-I", Self.checkout.appending(path: "Sources/CPatchbay/include").path,
        source.path,
      ]
      + (headers["flags"] ?? "").split(separator: " ").map(String.init)
      + ["-o", scratch.file("libmutant.so")]
    let (code, printed) = clang.run(arguments, output: scratch.file("log"))
    try #require(code == 0, "\(printed)")
    let base = Self.base(of: text)
    for file in ["\(base).yaml", "transcripts", "schemas"] {
      try FileManager.default.copyItem(
        at: Self.folder.appending(path: file), to: URL(filePath: scratch.file(file)))
    }
    let manifest = scratch.file("\(base).yaml")
    if let change = headers["manifest"] { try Self.replace(change, in: manifest, as: manifest) }
    if let change = headers["beside"] {
      try Self.replace(change, in: manifest, as: scratch.file("beside.yaml"))
    }
    if let change = headers["patch"] {
      try Self.replace(change, in: scratch.file("libmutant.so"), as: scratch.file("libmutant.so"))
    }
    subject = Subject(manifestPath: manifest, plugins: [scratch.path])
  }

  /// The connector whose manifest and transcripts it has.
  private static func base(of text: String) -> String {
    text.contains("#include \"thorough.c\"") || text.contains("#define ID \"thorough\"")
      ? "thorough" : "perfect"
  }

  /// Writes the first `old => new` of a header line; `\n` stands for a line end.
  private static func replace(_ change: String, in path: String, as other: String) throws {
    let words = change.replacing("\\n", with: "\n").split(separator: " => ", maxSplits: 1).map(String.init)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let place = try #require(bytes.firstRange(of: Array(words[0].utf8)), "\(words[0]) is not in \(path)")
    bytes.replaceSubrange(place, with: Array(words[1].utf8))
    try Data(bytes).write(to: URL(filePath: other))
  }

  /// Those that every case is run on: all of them when `PATCHBAY_EVERY_CASE=1` asks for it, as `scripts/verify-mutants`
  /// does, which takes many minutes; else one early, one in the middle and one late.
  static var wholeRuns: [String] {
    let all = Mutant.all
    if ProcessInfo.processInfo.environment["PATCHBAY_EVERY_CASE"] == "1" { return all }
    return [all.first, all[all.count / 2], all.last].compactMap { $0 }
  }

  /// The rule that it breaks.
  var rule: String { headers["rule"] ?? "" }
  /// The case that sees it first.
  var caseID: String { headers["case"] ?? "" }

  func run(only: [String] = [], seconds: Int? = nil, stops: Bool = false) -> RunReport {
    ConformanceRunner(
      .init(program: Self.program, only: only, stopsAtFailure: stops, maximumSeconds: seconds)
    ).run(subject)
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs with clang only; a failure instead of a skip when `PATCHBAY_REQUIRE_ALL=1`.
  static var needsClang: Self {
    .enabled(if: Mutant.clang != nil || requiresAll, "clang is not on the PATH")
  }
}
