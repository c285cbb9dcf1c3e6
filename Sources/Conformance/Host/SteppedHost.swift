internal import ConnectorModel
internal import Manifest
internal import PluginLoader
internal import Ports
internal import Synchronization

/// A connector loaded as the host loads it, whose operations are stepped by hand.
struct SteppedHost: Sendable {
  let manifest: Manifest
  let loaded: LoadedConnector
  let instance: any StepConnector

  /// For as long as the process: the last reference could go on a thread whose system calls are trapped.
  private static let kept = Mutex<[any StepConnector]>([])

  static func keep(_ instance: any StepConnector) { kept.withLock { $0.append(instance) } }

  /// Loads the connector and makes an instance.
  ///
  /// - Parameter configuration: instead of the manifest's own.
  /// - Throws: a skip when that cannot be done: other cases are about it.
  static func open(_ run: CaseRun, configuration: JSONValue? = nil) throws(CaseStop) -> SteppedHost {
    let loaded = try load(run, isAboutLoading: false)
    run.doing("create", rule: "L-2")
    do throws(PluginError) {
      let instance = try loaded.makeInstance(configuration: configuration)
      keep(instance)
      return SteppedHost(manifest: loaded.manifest, loaded: loaded, instance: instance)
    } catch {
      throw .skip("the connector cannot be started; see E1")
    }
  }

  /// Loads the connector as the host does.
  ///
  /// - Parameter isAboutLoading: what goes wrong is told to `run` by its rule, and is no reason to skip.
  static func load(_ run: CaseRun, isAboutLoading: Bool) throws(CaseStop) -> LoadedConnector {
    guard let manifest = run.subject.manifest else { throw .skip("the manifest cannot be used; see A1") }
    run.doing("load", rule: "L-1")
    let loader = PluginLoader(searchPath: run.subject.plugins, stateDirectory: run.scratch)
    var entry = LoadReport.Entry(id: manifest.id, version: manifest.version, manifest: manifest.path)
    do throws(PluginError) {
      return try loader.load(manifest, &entry)
    } catch {
      guard isAboutLoading else { throw .skip("the connector cannot be loaded; see A5 to D1") }
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
    case .timedOut: [("L-1", description)]
    case .refused: [("E-2", description)]
    default: [("O-3", description)]
    }
  }
}
