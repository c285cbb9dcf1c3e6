import ConnectorKit
import FoundationEssentials

/// A connector whose actions are one habit each, good and bad.
enum Sketch: Connector {
  static let id = "sketch"
  static let version = "1.2.3"

  struct Empty: Codable {}
  struct Text: Codable, Equatable { var text: String }

  static var operations: [Operation] {
    Action("echo") { (input: Text, _) in input }
    Action("get") { (_: Empty, context) in try await fetch("/one", context) }
    Action("asyncLet") { (_: Empty, context) in
      async let first = fetch("/one", context)
      async let second = fetch("/two", context)
      return Text(text: try await first.text + second.text)
    }
    Action("group") { (_: Empty, context) in
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        for path in ["/one", "/two", "/three"] { group.addTask { try await fetch(path, context).text } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      return Text(text: texts.sorted().joined())
    }
    Action("actor") { (_: Empty, context) in
      let counter = Counter()
      await counter.add(try await fetch("/one", context).text.count)
      await Task.yield()
      return Text(text: "\(await counter.total)")
    }
    Action("stream") { (_: Empty, context) in
      let (stream, continuation) = AsyncStream.makeStream(of: String.self)
      async let sum = stream.reduce("", +)
      continuation.yield(try await fetch("/one", context).text)
      continuation.finish()
      return Text(text: await sum)
    }
    Action("race") { (_: Empty, context) in
      try await withThrowingTaskGroup(of: String.self) { group in
        group.addTask { try await fetch("/slow", context).text }
        group.addTask {
          try await context.sleep(for: .seconds(1))
          return "timeout"
        }
        defer { group.cancelAll() }
        return Text(text: try await group.next() ?? "")
      }
    }
    Action("task") { (_: Empty, _) in
      let task = Task { 1 }
      return Text(text: "\(await task.value)")
    }
    Action("quickDetached") { (_: Empty, context) in
      Task.detached {}
      return try await fetch("/one", context)
    }
    Action("taskSleep") { (_: Empty, _) in
      try await Task.sleep(for: .seconds(3600))
      return Text(text: "late")
    }
    Action("stall") { (_: Empty, _) in
      await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        Held.shared.keep(continuation)
      }
      return Text(text: "never")
    }
    Action("detachedUse") { (_: Empty, context) in
      let text = await Task.detached { (try? await fetch("/one", context))?.text ?? "refused" }.value
      return Text(text: text)
    }
    Action("chance") { (_: Empty, context) in
      Text(text: "\(try context.uuid()) \(try context.random()) \(try context.now.timeIntervalSince1970)")
    }
    Action("unsorted") { (_: Empty, context) in
      let keys = Dictionary(uniqueKeysWithValues: (0..<40).map { ("key\($0)", $0) })
      _ = try await context.http(
        HTTPRequest(method: "POST", url: "/keys", endpoint: "api", body: .json(try StableJSON.encode(keys))))
      return Text(text: "ok")
    }
    Action("state") { (_: Empty, context) in
      let version = try await context.kv.put("k", [1, 2], if: .absent)
      try await context.kv.put("k", [3], if: .version(version))
      do {
        try await context.kv.put("k", [4], if: .version(version))
        return Text(text: "overwritten")
      } catch let error as OperationError {
        return Text(text: "\(error.code.name) \(try await context.kv.get("k")?.value ?? [])")
      }
    }
    Action("cleanUp") { (_: Empty, context) in
      context.onCancel {
        _ = try await context.http(HTTPRequest(method: "DELETE", url: "/session", endpoint: "api"))
      }
      return try await fetch("/slow", context)
    }
    Action("surprise") { (_: Empty, _) -> Text in throw Surprise(secret: "hunter2") }
    Action("configured") { (_: Empty, context) in
      Text(text: context.configuration.values["greeting"]?.text ?? "")
    }
    Sync("rows") { window, context in
      try context.emit("record", ["id": 1])
      try context.emit("checkpoint", ["cursor": "2"])
      return SyncEnd(cursor: (window.cursor ?? "") + "2")
    }
    Webhook("events") { body, context in
      WebhookAnswer(
        .accept, events: [.string(context.attribute("header.x-id") ?? ""), .integer(Int64(body.count))])
    }
    Health { context in
      HealthReport([.init("ping", try await fetch("/ping", context).text == "pong" ? .ok : .failing)])
    }
  }

  static func check(_ configuration: ConnectorConfiguration) throws {
    if configuration.values["broken"] != nil {
      throw OperationError(.invalidInput, "broken is not a setting", pointer: "/broken")
    }
  }

  private static func fetch(_ path: String, _ context: OperationContext) async throws -> Text {
    try await context.http(HTTPRequest(method: "GET", url: path, endpoint: "api")).json()
  }

  struct Surprise: Error { var secret: String }
}

private actor Counter {
  var total = 0
  func add(_ count: Int) { total += count }
}

/// Keeps a continuation that nobody resumes, so that it is not reported as leaked.
private final class Held: @unchecked Sendable {
  static let shared = Held()
  private var kept: [CheckedContinuation<Void, Never>] = []
  func keep(_ continuation: CheckedContinuation<Void, Never>) { kept.append(continuation) }
}
