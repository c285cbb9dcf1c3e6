import ConnectorModel
import Ports
import Synchronization

@testable import ConnectorKit
@testable import Operations

/// A platform that takes orders and tells which it has; nothing it is sent twice goes unnoticed.
final class OrderPlatform: Sendable {
  private let orders = Mutex<[String: Int]>([:])
  private let seen = Mutex<[String]>([])
  /// Orders that are refused once, with a request for a minute's patience.
  private let refusals: Mutex<Set<String>>

  init(refusing urls: Set<String> = []) { refusals = Mutex(urls) }

  /// How often each order took effect.
  var taken: [String: Int] { orders.withLock { $0 } }
  var requests: [String] { seen.withLock { $0 } }

  func perform(_ request: HTTPRequest, isWrite: Bool) -> PerformedHTTP {
    guard refusals.withLock({ $0.remove(request.url) }) == nil else {
      let answer = HTTPAnswer(outcome: .rateLimited, status: 429, retryAfter: .seconds(60))
      return PerformedHTTP(answer: answer, requests: 1, askedToWait: .seconds(60))
    }
    return PerformedHTTP(answer: answer(request), requests: 1, performedWrite: isWrite)
  }

  private func answer(_ request: HTTPRequest) -> HTTPAnswer {
    seen.withLock { $0.append("\(request.method) \(request.url)") }
    if request.method == "POST" {
      orders.withLock { $0[request.url, default: 0] += 1 }
      return HTTPAnswer(
        outcome: .ok, status: 201, headers: [HeaderField("X-Made", request.url)], body: .json([0x7b, 0x7d]))
    }
    guard request.url.hasPrefix("/made") else { return HTTPAnswer(outcome: .ok, status: 200) }
    let isThere = orders.withLock { $0[String(request.url.dropFirst(5))] != nil }
    return HTTPAnswer(outcome: .ok, status: isThere ? 200 : 204)
  }
}

/// The way to it in one life.
struct LifeHTTP: HTTPPerformer {
  let life: Life
  let platform: OrderPlatform

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    guard life.pass() else { return .none }
    let performed = platform.perform(request, isWrite: isWrite(request, of: operation.connection))
    guard life.pass() else { return .none }
    Task { if life.isAlive { deliver(performed) } }
    return .none
  }

  func operationEnded(_ operation: String) {}
}

/// Everything an author may do, with writes that are looked up when their outcome is unknown.
enum Orders {
  struct Output: Codable, Equatable { var trace: [String] }

  static let action = Action("order") { (_: NoInputAtAll, context: OperationContext) async throws -> Output in
    var trace = ["\(try context.random())"]
    _ = try await context.http(.read("/start"))
    let version = try await context.kv.put("step", Array("1".utf8))
    try await place("/one", context)
    trace.append("v\(version)")
    try await context.sleep(for: .seconds(2))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for child in 0..<3 { group.addTask { try await place("/child/\(child)", context) } }
      group.addTask { _ = try await context.http(.read("/aside")) }
      try await group.waitForAll()
    }
    let again = try await context.kv.put("step", Array("2".utf8), if: .version(version))
    try await place("/last", context)
    trace.append("v\(again)")
    _ = try await context.http(.read("/end"))
    return Output(trace: trace + ["\(try context.uuid())"])
  }

  struct NoInputAtAll: Decodable {}

  /// Sends an order, and looks whether it is there before sending it again.
  private static func place(_ url: String, _ context: OperationContext) async throws {
    for _ in 0..<10 {
      do {
        _ = try await context.http(.write(url))
        return
      } catch let error as PlatformError where error.code == .unknownOutcome {
        if try await context.http(.read("/made\(url)")).status == 200 { return }
      }
    }
    throw OperationError(.unknownOutcome, "\(url) was cut ten times")
  }
}
