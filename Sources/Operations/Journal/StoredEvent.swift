internal import ConnectorModel

internal import struct FoundationEssentials.Data

/// An event as it stands in a journal: names keep their case, fields their order.
struct StoredEvent: Codable {
  struct Answer: Codable {
    var outcome: OutcomeCode
    var status: Int
    var headers: [StoredHeader]
    var body: StoredPayload
    var message: String
    var platformCode: String
    var requestID: String
    var retryAfter: Duration?
  }

  struct State: Codable {
    var outcome: OutcomeCode
    var value: Data
    var version: UInt64
    var message: String
  }

  var effect: UInt64
  var http: Answer?
  var keyValue: State?
  /// Neither of these: a timer.
  var isCancel: Bool?

  init(_ event: Event) {
    effect = event.effect
    switch event.kind {
    case .http(let answer): http = Answer(answer)
    case .keyValue(let answer):
      keyValue = State(
        outcome: answer.outcome, value: Data(answer.value), version: answer.version, message: answer.message)
    case .timer: break
    case .cancel: isCancel = true
    }
  }

  func event() throws -> Event {
    if let http { return Event(effect: effect, .http(try http.answer())) }
    if let keyValue {
      return Event(
        effect: effect,
        .keyValue(
          KeyValueAnswer(
            outcome: keyValue.outcome, value: [UInt8](keyValue.value), version: keyValue.version,
            message: keyValue.message)))
    }
    return Event(effect: effect, isCancel == true ? .cancel : .timer)
  }
}

/// A header as it stands in a journal.
struct StoredHeader: Codable {
  var name: String
  var value: String

  init(_ field: HeaderField) {
    name = field.name
    value = field.value
  }

  var field: HeaderField { HeaderField(name, value) }
}

extension StoredEvent.Answer {
  init(_ answer: HTTPAnswer) {
    outcome = answer.outcome
    status = answer.status
    headers = answer.headers.map(StoredHeader.init)
    body = StoredPayload(answer.body)
    message = answer.message
    platformCode = answer.platformCode
    requestID = answer.requestID
    retryAfter = answer.retryAfter
  }

  func answer() throws -> HTTPAnswer {
    HTTPAnswer(
      outcome: outcome, status: status, headers: headers.map(\.field), body: try body.payload(),
      message: message, platformCode: platformCode, requestID: requestID, retryAfter: retryAfter)
  }
}
