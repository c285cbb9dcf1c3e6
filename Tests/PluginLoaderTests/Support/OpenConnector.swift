import ConnectorModel
import Ports
import Synchronization
import TestTools
import Testing

@testable import Manifest
@testable import PluginLoader

/// `echo.c`, loaded through its real entry, with one instance.
struct OpenConnector {
  let loaded: LoadedConnector
  let connector: CConnector
  let lines = LogLines()
  /// Kept: the private copy lies in it.
  private let scratch: ScratchDirectory

  init(_ flags: [String] = [], source: String = "echo.c", configuration: JSONValue? = nil) throws {
    let scratch = ScratchDirectory()
    scratch.write(try Fixture.library(flags, source: source), to: "libecho.so")
    try self.init(in: scratch, configuration: configuration)
  }

  /// Opens the `libecho.so` that lies in `scratch`.
  init(in scratch: ScratchDirectory, configuration: JSONValue? = nil) throws {
    self.scratch = scratch
    let loader = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
    let manifest = Fixture.manifest {
      if let configuration {
        $0.configuration = Manifest.Configuration(schema: "/schema.json", values: configuration)
      }
    }
    let (connectors, report) = loader.load([manifest])
    loaded = try #require(connectors.first, "\(report.entries.first?.reason ?? "")")
    let lines = lines
    let instance = try loaded.makeInstance { lines.add($0) }
    connector = try #require(instance as? CConnector)
  }

  func begin(
    _ name: String, kind: OperationStart.Kind = .action, input: Payload = .json(Array("{}".utf8)),
    effects: Int = 8, records: Int = 8, attributes: [HeaderField] = []
  ) -> (operation: (any StepOperation)?, pushed: TurnRecord) {
    let start = OperationStart(
      kind: kind, name: name, input: input, attributes: attributes, deadline: 5_000, seed: 7, attempt: 2,
      idempotencyKey: "key-1")
    return connector.begin(start, turn(effects: effects, records: records))
  }

  func turn(effects: Int = 8, records: Int = 8, firstEffect: UInt64 = 1) -> Turn {
    let lines = lines
    return Turn(
      unixNanoseconds: 1_000, firstEffect: firstEffect, effectAllowance: effects, emitAllowance: records,
      random: SplitMix64(seed: 7), log: { lines.add($0) })
  }
}

/// What a connector logged.
final class LogLines: Sendable {
  private let lines = Mutex<[ConnectorLogLine]>([])

  func add(_ line: ConnectorLogLine) { lines.withLock { $0.append(line) } }

  var all: [ConnectorLogLine] { lines.withLock { $0 } }
}

extension TurnRecord {
  /// The JSON that the operation completed with.
  var result: String? {
    for case .complete(.json(let bytes)) in pushes { return String(decoding: bytes, as: UTF8.self) }
    return nil
  }

  var records: [String] {
    pushes.compactMap { push in
      guard case .emit("seen", .json(let bytes)) = push else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
