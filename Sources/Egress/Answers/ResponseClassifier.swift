internal import ConnectorModel
internal import Manifest

internal import struct FoundationEssentials.Decimal

/// Says what an answer means, by the manifest's rules and then by its status.
struct ResponseClassifier: Sendable {
  /// What an answer means.
  struct Verdict: Sendable, Equatable {
    var outcome: OutcomeCode
    /// A rule of the manifest said so, not the status alone.
    var isByRule: Bool
    /// Empty on `ok`.
    var message: String
    var platformCode: String
    var requestID: String
  }

  /// Characters of the platform's own words that are passed on.
  static let maximumWords = 300
  /// Characters of its codes and ids.
  static let maximumCode = 100

  /// The platform's name, for messages.
  let platform: String
  let rules: [ErrorRule]
  let fields: ErrorFields

  /// - Parameter isBodyKnown: false where an empty body says nothing of what the platform sent.
  func verdict(status: Int, headers: [HeaderField], body: [UInt8], isBodyKnown: Bool = true) -> Verdict {
    let applicable = rules.filter { rule in rule.status.map { $0 == status } ?? !Self.isSuccess(status) }
    let needsBody = !Self.isSuccess(status) || applicable.contains { !$0.body.isEmpty }
    let json = needsBody ? try? StableJSON.decode(JSONValue.self, from: body) : nil
    let isEmpty = isBodyKnown && body.isEmpty
    let rule = applicable.first { (isEmpty || !$0.needsEmptyBody) && Self.matches($0, json) }
    let outcome = rule?.then ?? Self.outcome(of: status)
    guard outcome != .ok else {
      return Verdict(
        outcome: .ok, isByRule: rule != nil, message: "", platformCode: "",
        requestID: requestID(headers))
    }
    return Verdict(
      outcome: outcome, isByRule: rule != nil, message: message(status, Self.text(fields.message, in: json)),
      platformCode: Self.cut(Self.text(fields.code, in: json), Self.maximumCode),
      requestID: requestID(headers))
  }

  private func requestID(_ headers: [HeaderField]) -> String {
    fields.requestID.flatMap { headers[$0] }.map { Self.cut($0, Self.maximumCode) } ?? ""
  }

  /// The class of a status that no rule speaks of.
  static func outcome(of status: Int) -> OutcomeCode {
    switch status {
    // Not Modified answers a condition that the connector set.
    case 200..<300, 304: .ok
    case 401: .unauthenticated
    case 403: .permission
    case 404: .notFound
    case 409: .conflict
    case 429: .rateLimited
    case 400..<500: .invalidInput
    default: .upstream
    }
  }

  private static func isSuccess(_ status: Int) -> Bool { (200..<300).contains(status) }

  private static func matches(_ rule: ErrorRule, _ json: JSONValue?) -> Bool {
    rule.body.allSatisfy { condition in
      json.map { condition.path.evaluate(in: $0).contains(condition.equals) } ?? false
    }
  }

  private func message(_ status: Int, _ words: String) -> String {
    let said = Self.cut(words, Self.maximumWords)
    return "\(platform) answered \(status)" + (said.isEmpty ? "" : ": \(said)")
  }

  private static func text(_ path: JSONPath?, in json: JSONValue?) -> String {
    guard let path, let json, let value = path.evaluate(in: json).first else { return "" }
    switch value {
    case .string(let text): return text
    case .integer(let number): return String(number)
    case .decimal(let number): return number.description
    case .bool(let flag): return String(flag)
    case .null, .array, .object: return ""
    }
  }

  /// One line of at most `limit` characters.
  private static func cut(_ text: String, _ limit: Int) -> String {
    let line = String(
      text.unicodeScalars.prefix(limit * 4).map { $0.value < 0x20 || $0.value == 0x7f ? " " : Character($0) })
    return line.count > limit ? String(line.prefix(limit - 1)) + "…" : line
  }
}
