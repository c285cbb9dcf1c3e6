internal import ConnectorModel
internal import Ports

/// What goes in and out of a turn, a line each, for people who read a replay.
///
/// Of bodies only a transcript's own are ever shown: no secret is among what a connector sees.
enum StepWords {
  static func words(of event: Event) -> String {
    switch event.kind {
    case .http(let answer):
      let status = answer.status == 0 ? "no answer" : "\(answer.status)"
      let code = answer.platformCode.isEmpty ? "" : " code \(answer.platformCode.cut)"
      return "#\(event.effect) http: \(answer.outcome.name), \(status)\(code)\(words(of: answer.body))"
    case .keyValue(let answer): return "#\(event.effect) state: \(answer.outcome.name)"
    case .timer: return "#\(event.effect) timer"
    case .cancel: return "cancel"
    }
  }

  static func words(of push: TurnRecord.Push) -> String {
    switch push {
    case .effect(let id, let effect): "#\(id) \(words(of: effect))"
    case .cancelEffect(let id): "cancel #\(id)"
    case .emit(let stream, let payload): "emit \(stream)\(words(of: payload))"
    case .complete(let payload): "complete\(words(of: payload))"
    case .fail(let error): "fail \(error.code.name): \(error.message.cut)"
    }
  }

  private static func words(of effect: Effect) -> String {
    switch effect {
    case .http(let request):
      let auth = request.auth.isEmpty ? "" : ", auth \(request.auth.prefix { $0 != ":" })"
      return "\(request.method) \(request.url.cut) at \(request.endpoint)\(auth)"
        + (request.body.map(words(of:)) ?? "")
    case .keyValue(let request): return "state \(request.verb) \(request.key.cut)"
    case .timer(let delay): return "timer \(delay.words)"
    }
  }

  private static func words(of payload: Payload) -> String {
    guard let bytes = payload.inlineBytes else { return " (a blob)" }
    return bytes.isEmpty ? "" : " \(String(decoding: bytes, as: UTF8.self).cut)"
  }
}
