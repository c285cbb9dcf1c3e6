internal import ConnectorModel

/// The routes under `/_sandbox/`: faults, the request log, transcripts, state, reset and the clock.
enum ControlEndpoint {
  static let prefix = "_sandbox"
  private static let longestStepMs: Int64 = 10 * 366 * 86_400_000

  static func respond(
    to request: SandboxRequest, machine: inout SandboxMachine, at realTime: SandboxInstant
  ) -> SandboxResponse {
    let path = Array(request.segments.dropFirst())
    switch (path.first, path.count) {
    case ("faults", 1): return faults(request, &machine)
    case ("faults", 2): return fault(path[1], request, &machine)
    case ("requests", 1):
      return only("GET", request) { .json(.array(machine.log.entries.map(\.json))) }
    case ("state", 2):
      return only("GET", request) {
        guard let state = machine.state(of: path[1], at: realTime) else {
          let known = machine.platformNames.joined(separator: ", ")
          return .refusal(404, "\(SandboxError.unknownPlatform(path[1])); known are \(known)")
        }
        return .json(state)
      }
    case ("reset", 1):
      return only("POST", request) {
        machine.reset()
        return SandboxResponse(status: 204)
      }
    case ("transcript", 1): return transcript(request, &machine)
    case ("transcript", 2) where path[1] == "swift":
      return only("GET", request) {
        SandboxResponse(
          status: 200, headers: [NamedText("Content-Type", "text/plain; charset=utf-8")],
          body: Array(TranscriptSource.swift(machine.transcript.exchanges).utf8))
      }
    case ("clock", 1): return only("POST", request) { clock(request, &machine, realTime) }
    default:
      return .refusal(
        404,
        "known are /_sandbox/faults, requests, state/PLATFORM, transcript, reset and "
          + "clock")
    }
  }

  /// `POST` starts a recording, `DELETE` ends it, `GET` shows it.
  private static func transcript(
    _ request: SandboxRequest, _ machine: inout SandboxMachine
  ) -> SandboxResponse {
    switch request.method {
    case "GET": return .json(machine.transcript.json)
    case "POST": machine.transcript.start()
    case "DELETE": machine.transcript.stop()
    default: return notAllowed("GET, POST, DELETE")
    }
    return SandboxResponse(status: 204)
  }

  private static func faults(_ request: SandboxRequest, _ machine: inout SandboxMachine) -> SandboxResponse {
    switch request.method {
    case "GET": return .json(.array(machine.faults.entries.map(\.json)))
    case "DELETE":
      machine.removeFaults()
      return SandboxResponse(status: 204)
    case "POST":
      do {
        let fault = try SandboxFault(parsing: String(decoding: request.body, as: UTF8.self))
        return .json(["id": .string(machine.inject(fault))], status: 201)
      } catch {
        return .refusal(400, "\(error)")
      }
    default: return notAllowed("GET, POST, DELETE")
    }
  }

  private static func fault(
    _ id: String, _ request: SandboxRequest, _ machine: inout SandboxMachine
  ) -> SandboxResponse {
    switch request.method {
    case "GET":
      guard let entry = machine.faults.entries.first(where: { $0.id == id }) else { return unknownFault(id) }
      return .json(entry.json)
    case "DELETE": return machine.removeFault(id: id) ? SandboxResponse(status: 204) : unknownFault(id)
    default: return notAllowed("GET, DELETE")
    }
  }

  private static func clock(
    _ request: SandboxRequest, _ machine: inout SandboxMachine, _ realTime: SandboxInstant
  ) -> SandboxResponse {
    guard let members = JSONValue.parse(request.body)?.members, members.count == 1,
      let step = members["advanceMs"]?.integer, (0...longestStepMs).contains(step)
    else { return .refusal(400, "give {\"advanceMs\": N} with N from 0 to \(longestStepMs)") }
    return .json(["now": .string(machine.advanceClock(byMilliseconds: step, at: realTime).iso8601)])
  }

  private static func only(
    _ method: String, _ request: SandboxRequest, _ answer: () -> SandboxResponse
  ) -> SandboxResponse {
    request.method == method ? answer() : notAllowed(method)
  }

  private static func notAllowed(_ methods: String) -> SandboxResponse {
    .refusal(405, "this control route answers \(methods)", headers: [NamedText("Allow", methods)])
  }

  private static func unknownFault(_ id: String) -> SandboxResponse {
    .refusal(404, "there is no fault \"\(id)\"")
  }
}
