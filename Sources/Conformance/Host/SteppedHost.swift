internal import ConnectorModel
internal import Manifest
internal import PluginLoader
internal import Ports

/// A connector loaded as the host loads it, whose operations are stepped by hand.
struct SteppedHost: Sendable {
  let manifest: Manifest
  let loaded: LoadedConnector
  let instance: any StepConnector

  /// Loads the connector; what goes wrong is told to `run` by its rule.
  ///
  /// - Parameter isAboutLoading: the case is about loading; for all others a connector that cannot be loaded is a
  ///   reason to skip.
  static func open(_ run: CaseRun, isAboutLoading: Bool = false) throws(CaseStop) -> SteppedHost {
    guard let manifest = run.subject.manifest else { throw .skip("the manifest cannot be used; see A1") }
    run.doing("load", rule: "L-1")
    let loader = PluginLoader(searchPath: run.subject.plugins, stateDirectory: run.scratch)
    var entry = LoadReport.Entry(id: manifest.id, version: manifest.version, manifest: manifest.path)
    do throws(PluginError) {
      let loaded = try loader.load(manifest, &entry)
      run.doing("create", rule: "L-2")
      return SteppedHost(manifest: manifest, loaded: loaded, instance: try loaded.makeInstance())
    } catch {
      guard isAboutLoading else { throw .skip("the connector cannot be loaded; see A5 to E1") }
      for finding in error.findings {
        run.find(finding.rule, expected: "a connector that loads", happened: finding.what)
      }
      throw .failed
    }
  }

  /// The transcripts that lie beside the manifest.
  ///
  /// - Throws: a skip when there are none.
  func transcripts(_ run: CaseRun) throws(CaseStop) -> [Transcript] {
    let folder = run.subject.transcriptFolder
    do throws(TranscriptFault) {
      let transcripts = try Transcript.read(folder: folder)
      guard !transcripts.isEmpty else { throw TranscriptFault(what: "") }
      return transcripts
    } catch {
      guard error.what.isEmpty else {
        run.find("transcript", expected: "transcripts as docs/conformance.md says", happened: error.what)
        throw .failed
      }
      throw .skip("there is no transcript in \(folder)")
    }
  }
}

extension PluginError {
  /// The rules that it means are broken.
  fileprivate var findings: [(rule: String, what: String)] {
    switch self {
    case .brokeContract(_, let rule, let what): [(rule, what)]
    case .disagrees(_, _, let differences): differences.map { ("D-3", $0) }
    case .needsSibling, .foreignSwiftRuntime, .notLoadable: [("O-3", description)]
    case .entryMissing: [("O-5", description)]
    case .createFailed: [("L-2", description)]
    case .timedOut(_, let step, _): [(step == "create" ? "L-2" : "L-1", description)]
    case .refused: [("E-2", description)]
    default: [("O-3", description)]
    }
  }
}
