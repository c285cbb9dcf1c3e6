internal import Dispatch
internal import Manifest
internal import PluginLoader
internal import Ports
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The parent's half of a run: one child process for each case, never the connector's code in this one.
package struct ConformanceRunner: Sendable {
  package struct Options: Sendable {
    /// The program that runs a case when it is called with `verify --case`.
    package var program: String
    package var level: ConformanceCase.Level
    /// Ids of cases, categories or rules; empty for all.
    package var only: [String]
    package var seed: UInt64
    /// Cases side by side.
    package var width: Int
    /// No more cases once one has failed.
    package var stopsAtFailure: Bool
    /// No case gets more, nil for what each may take.
    package var maximumSeconds: Int?
    /// No children: the cases run in this process, one after the other.
    package var isInProcess: Bool

    package init(
      program: String, level: ConformanceCase.Level = .gold, only: [String] = [], seed: UInt64 = 1,
      width: Int = 2,
      stopsAtFailure: Bool = false, maximumSeconds: Int? = nil, isInProcess: Bool = false
    ) {
      self.isInProcess = isInProcess
      self.program = program
      self.level = level
      self.only = only
      self.seed = seed
      self.width = width
      self.stopsAtFailure = stopsAtFailure
      self.maximumSeconds = maximumSeconds
    }
  }

  private let options: Options

  package init(_ options: Options) { self.options = options }

  private struct Progress {
    var next = 0
    var results: [Int: CaseResult] = [:]
    var confinement: UInt32?
    var hasFailed = false
  }

  /// Asks every chosen case of one connector; blocks, so never call it on the cooperative pool.
  ///
  /// - Parameter observe: told of each result as it comes, in any order, on any thread.
  package func run(
    _ subject: Subject, observe: @escaping @Sendable (CaseResult) -> Void = { _ in }
  ) -> RunReport {
    let cases = CaseRegistry.select(level: options.level, only: options.only)
    let scratch = Self.makeScratch()
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let progress = Mutex(Progress())
    DispatchQueue.concurrentPerform(iterations: options.isInProcess ? 1 : max(1, options.width)) { _ in
      while true {
        let index = progress.withLock { progress -> Int? in
          guard progress.next < cases.count, !(options.stopsAtFailure && progress.hasFailed) else {
            return nil
          }
          defer { progress.next += 1 }
          return progress.next
        }
        guard let index else { return }
        let (result, confinement) = ask(cases[index], subject, scratch: "\(scratch)/\(index)")
        progress.withLock { progress in
          progress.results[index] = result
          progress.confinement = progress.confinement ?? confinement
          if result.hasFailed { progress.hasFailed = true }
        }
        observe(result)
      }
    }
    let done = progress.withLock { $0 }
    return report(
      subject, done.results.sorted { $0.key < $1.key }.map(\.value), confinement: done.confinement ?? .max)
  }

  private func ask(
    _ test: ConformanceCase, _ subject: Subject, scratch: String
  ) -> (result: CaseResult, confinement: UInt32?) {
    try? FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let process = CaseProcess(
      program: options.program,
      arguments: [
        "verify", "--case", test.id, "--seed", "\(options.seed)", "--scratch", scratch,
      ] + subject.arguments,
      limit: .seconds(min(test.seconds * CaseProcess.patience, options.maximumSeconds ?? .max)))
    let ask = { [options] in
      options.isInProcess
        ? CaseHere.run(test, subject, seed: options.seed, scratch: scratch) : process.run()
    }
    let first = Judgement(test: test, remains: ask())
    var (verdict, findings, note) = first.verdict()
    var milliseconds = first.remains.milliseconds
    if test.isTwin, verdict == .passed || verdict == .warning {
      let second = Judgement(test: test, remains: ask())
      milliseconds += second.remains.milliseconds
      let twin = second.verdict()
      if twin.verdict != verdict {
        (verdict, findings, note) = twin
      } else if first.digest != second.digest {
        verdict = .failed
        findings = [
          Finding(
            rule: "S-6", expected: "equal effects in two processes, byte for byte",
            happened: Self.difference(first.digest ?? "", second.digest ?? ""),
            step: "comparing two processes")
        ]
      }
    }
    let result = CaseResult(
      id: test.id, verdict: verdict, findings: findings, note: note, milliseconds: milliseconds,
      reproduce: reproduce(test, subject))
    var confinement: UInt32?
    if case .confined(let had)? = first.remains.messages.first { confinement = had }
    return (result, confinement)
  }

  private func reproduce(_ test: ConformanceCase, _ subject: Subject) -> String {
    let plugins = subject.given.plugins.map { " --plugins \($0)" }.joined()
    return "patchbay verify \(subject.given.manifestPath)\(plugins) --only \(test.id) --seed \(options.seed)"
  }

  /// The first line in which two traces differ.
  private static func difference(_ first: String, _ second: String) -> String {
    let pairs = zip(first.split(separator: "\n"), second.split(separator: "\n"))
    guard let differing = pairs.first(where: { $0 != $1 }) else {
      return "one trace is longer than the other"
    }
    return "\(differing.0.prefix(160)) and then \(differing.1.prefix(160))"
  }

  private func report(_ subject: Subject, _ results: [CaseResult], confinement: UInt32) -> RunReport {
    let library = (try? subject.library()).map(\.bytes).flatMap { try? SHA256Digest(of: $0).hex } ?? ""
    let host = HostFacts.ofThisProcess()
    let manifest = (try? Data(contentsOf: URL(filePath: subject.manifestPath))).map { [UInt8]($0) } ?? []
    return RunReport(
      manifest: subject.given.manifestPath, connector: subject.manifest?.id ?? "-",
      version: subject.manifest?.version ?? "-", librarySHA256: library,
      manifestSHA256: (try? SHA256Digest(of: manifest).hex) ?? "",
      schemaSHA256: subject.manifest.flatMap(ManifestSchemas.digests) ?? [:], runner: Self.version,
      abi: "\(host.abiMajor).\(host.abiMinor)", level: options.level, seed: options.seed, results: results,
      notices: options.isInProcess ? [CaseHere.notice] : Confinement.notices(confinement))
  }

  /// Of the runner: it changes whenever a verdict may.
  package static let version = "1"

  private static func makeScratch() -> String {
    let path = "\(FileManager.default.temporaryDirectory.path)/patchbay-verify-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }
}
