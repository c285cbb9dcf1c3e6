internal import ConnectorModel
internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// Starts runs of streams and watches them to their end.
struct SyncWatch: Sendable {
  struct Run: Sendable {
    /// As it was when it was asked for.
    var sync: JSONValue

    var path: String { "/api/connections/\(name("connectionId"))/syncs" }
    var stream: String { sync["stream"]?.text ?? "" }
    var number: Int64 { Self.number(of: sync) }

    func name(_ member: String) -> String { (sync[member]?.text ?? "").queryEscaped }

    /// Whether `now` tells of a run that was begun after this one was asked for and has ended, or cannot come.
    func hasEnded(_ now: JSONValue) -> Bool {
      now["isRunning"] == false && (Self.number(of: now) > number || now["isPaused"] == true)
    }

    private static func number(of sync: JSONValue) -> Int64 {
      guard case .integer(let runs) = sync["runs"] else { return 0 }
      return runs
    }
  }

  let client: APIClient
  let timeout: Duration

  func start(_ sync: JSONValue) async throws -> Run {
    let run = Run(sync: sync)
    return Run(sync: try await client.send("POST", "\(run.path)/\(run.name("stream"))/run"))
  }

  /// - Returns: the streams as they are then, in the same order.
  /// - Throws: `CommandFailure` after the time-out.
  func end(of runs: [Run]) async throws -> [JSONValue] {
    let clock = SystemClock()
    let end = timeout.after(clock.unixNanoseconds)
    var ended: [JSONValue] = []
    for run in runs {
      var pause = Duration.milliseconds(50)
      var told = ""
      while true {
        let now = try await status(of: run)
        tell(run, now, &told)
        if run.hasEnded(now) {
          ended.append(now)
          break
        }
        guard clock.unixNanoseconds < end else {
          throw CommandFailure(
            sentence:
              "\(run.stream) of \(run.name("connectionId")) is still being read; `patchbay sync --show` tells how far"
          )
        }
        try await clock.sleep(for: pause)
        pause = min(pause * 2, .seconds(1))
      }
    }
    return ended
  }

  private func status(of run: Run) async throws -> JSONValue {
    let items = try await client.send("GET", run.path)["items"]?.elements ?? []
    guard let found = items.first(where: { $0["stream"]?.text == run.stream }) else {
      throw CommandFailure(sentence: "the stream \(run.stream) is gone: its connection was removed")
    }
    return found
  }

  private func tell(_ run: Run, _ now: JSONValue, _ told: inout String) {
    let line = "\(run.name("connectionId")) \(run.stream): \(now["records"]?.cell ?? "0") records"
    guard isatty(STDERR_FILENO) == 1, now["isRunning"] == true, line != told else { return }
    Output.error(line)
    told = line
  }
}
