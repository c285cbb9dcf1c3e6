internal import ConnectorModel
internal import Manifest
internal import PluginLoader
internal import Ports

/// The connector of `Plugins/Bench`, or another library with its id and its one action, loaded as every one is.
enum BenchConnector {
  static let library = "libBenchConnector.so"

  static let connection = Connection(
    id: "con_bench", accountID: "a1b2c3", variables: ["dc": "us19"])

  /// The input of `fetch`.
  static func input(requests: Int) -> Payload { .json(Array("{\"requests\":\(requests)}".utf8)) }

  static func start(requests: Int) -> OperationStart {
    OperationStart(
      kind: .action, name: "fetch", input: input(requests: requests),
      attributes: [
        HeaderField("patchbay.connection", connection.id), HeaderField("patchbay.account.id", "a1b2c3"),
        HeaderField("patchbay.var.dc", "us19"),
      ], deadline: .max, seed: 1, idempotencyKey: "bench-1")
  }

  /// A small answer as platforms send them.
  static let answer = HTTPAnswer(
    outcome: .ok, status: 200,
    headers: [
      HeaderField("content-type", "application/json; charset=utf-8"),
      HeaderField("date", "Thu, 26 Nov 2026 12:00:00 GMT"), HeaderField("x-request-id", "4f1c0a92-7b1e"),
    ],
    body: .json(
      Array(
        #"{"id":"c0ffee","name":"Bench","status":"ok","count":3,"items":[{"id":1},{"id":2},{"id":3}]}"#.utf8)
    ))

  /// Loads `library` and makes an instance of it; blocks.
  ///
  /// - Throws: `CommandFailure` with what the load report says.
  static func load(_ library: String, searchPath: String, state: String) throws -> any StepConnector {
    let manifest = Manifest(
      id: "bench", library: Manifest.Library(files: ["any": Manifest.Library.File(path: library)]),
      actions: ["fetch": Manifest.ActionDeclaration(effect: .read)])
    let (connectors, report) = PluginLoader(searchPath: [searchPath], stateDirectory: state).load([manifest])
    guard let connector = connectors.first else {
      throw CommandFailure(sentence: "\(library): \(report.entries.first?.reason ?? "not loaded")")
    }
    return try connector.makeInstance()
  }
}
