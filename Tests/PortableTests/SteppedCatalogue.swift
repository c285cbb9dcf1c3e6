import ConnectorModel
import FoundationEssentials
import Ports

/// Operations that never leave the calling thread: no driver, no clock, no pool of the host.
struct SteppedCatalogue {
  let instance: any StepConnector

  /// Runs an operation to its end and returns what ended it.
  func run(_ name: String, _ input: String) -> TurnRecord.Push? {
    var nextEffect: UInt64 = 1
    let start = OperationStart(
      kind: .action, name: name, input: .json(Array(input.utf8)), attributes: [], deadline: .max, seed: 7,
      attempt: 1, idempotencyKey: "")
    var (operation, record) = instance.begin(start, turn(nextEffect))
    defer { operation?.end() }
    while true {
      var events: [Event] = []
      for push in record.pushes {
        switch push {
        case .complete, .fail: return push
        case .effect(let id, let effect):
          nextEffect = max(nextEffect, id + 1)
          events.append(Event(effect: id, Self.answer(to: effect)))
        default: break
        }
      }
      guard let running = operation, !events.isEmpty else { return nil }
      record = running.resume(events, turn(nextEffect))
    }
  }

  private func turn(_ firstEffect: UInt64) -> Turn {
    Turn(
      unixNanoseconds: 1_000, firstEffect: firstEffect, effectAllowance: 64, emitAllowance: 0,
      random: SplitMix64(seed: 7))
  }

  private static func answer(to effect: Effect) -> Event.Kind {
    guard case .http(let request) = effect else { return .timer }
    return .http(
      HTTPAnswer(outcome: .ok, status: 200, body: .json(Array(CatalogueShop.answer(to: request.url).utf8))))
  }

  /// How many threads came with loading and using each build, and how many more once a task left its operation.
  ///
  /// All are used before any is made to stray: a pool that was woken goes on starting threads for a while.
  static func newThreads(of builds: [CatalogueBuild]) throws -> [(clean: Int, strayed: Int)] {
    let used = try builds.map { build in
      let before = otherThreads()
      let catalogue = SteppedCatalogue(instance: try LoadedCatalogue(blockingFor: build).instance)
      for _ in 0..<20 {
        guard case .complete = catalogue.run("catalogue.count", #"{"shelves": 4}"#) else {
          throw CatalogueBuild.Failed(description: "\(build): the count did not complete")
        }
      }
      return (catalogue, clean: otherThreads().subtracting(before).count)
    }
    return used.map { catalogue, clean in
      let before = otherThreads()
      _ = catalogue.run("plain.task", "{}")
      return (clean, otherThreads().subtracting(before).count)
    }
  }

  // A new worker has its creator's name until libdispatch names it, so the caller's own name must count.
  private static let loading: Set<String> = ["patchbay-load\n", "patchbay-create\n"]

  /// The threads of this process but for those that loaded something and may be on their way out.
  private static func otherThreads() -> Set<String> {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return Set(
      tasks.filter { task in
        let name = try? String(contentsOfFile: "/proc/self/task/\(task)/comm", encoding: .utf8)
        return name.map { !Self.loading.contains($0) } ?? false
      })
  }
}
