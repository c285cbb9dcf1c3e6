internal import ConnectorModel

/// What shall go wrong, for which requests, and how often.
///
/// The JSON form is the one of `POST /_sandbox/faults` and of `patchbay call --fault`:
/// `{"host"?, "method"?, "path", "skip"?, "times"?, "do": {…}}`. Unknown keys are errors.
package struct SandboxFault: Sendable, Equatable {
  /// A host, `*` for any run of characters; nil for all.
  package var host: String?
  package var method: String?
  /// A glob over the path as the platform has it: `*` stands inside one segment, `**` for any number of them.
  package var path: String
  /// How many requests that match pass first.
  package var skip: Int
  /// How many requests that match are hit; nil for all.
  package var times: Int?
  package var effect: FaultEffect

  package init(
    host: String? = nil, method: String? = nil, path: String, skip: Int = 0, times: Int? = 1,
    effect: FaultEffect
  ) {
    self.host = host
    self.method = method
    self.path = path
    self.skip = skip
    self.times = times
    self.effect = effect
  }

  /// - Throws: `SandboxError.invalidFault`, which names the key and what it may hold.
  package init(parsing json: String) throws(SandboxError) {
    guard let value = JSONValue.parse(Array(json.utf8)) else {
      throw .invalidFault(reason: "this is not JSON: \(json.prefix(80))")
    }
    self = try FaultReader.fault(value)
  }

  package func matches(_ request: SandboxRequest) -> Bool {
    if let host, !HostPattern(host).matches(request.host) { return false }
    if let method, method != request.method { return false }
    return PathPattern(path).matches(request.path)
  }

  var json: JSONValue {
    var members: [String: JSONValue] = ["path": .string(path), "skip": .number(skip), "do": effect.json]
    members["times"] = times.map { .number($0) } ?? .null
    members["host"] = host.map { .string($0) }
    members["method"] = method.map { .string($0) }
    return .object(members)
  }
}

/// One way to go wrong.
package enum FaultEffect: Sendable, Equatable {
  /// This answer instead of the platform's; the request has no effect.
  case answer(SandboxResponse)
  /// The connection ends with a TCP reset.
  case reset(ResetPoint)
  /// The request takes effect; its answer comes this much later.
  case delay(milliseconds: Int)
  /// The request takes effect; the answer stops in the middle for this long, then goes on.
  case stall(milliseconds: Int)
  /// The request takes effect; the connection is closed after half of the answer, or after so many bytes of its body.
  case truncate(afterBodyBytes: Int?)
  /// The request takes effect; the answer is chunked, and its second chunk has a size that is no number.
  case badChunk

  /// The servers in front of the platform give up: their answer, after their patience in sandbox time.
  case timeout(TimeoutPoint)

  /// Whether a request that timed out was applied.
  package enum TimeoutPoint: String, Sendable, CaseIterable {
    /// The request has no effect.
    case before
    /// The request takes effect; its answer is lost.
    case after
  }

  /// Where a reset falls.
  package enum ResetPoint: String, Sendable, CaseIterable {
    /// The request was read and has no effect.
    case before
    /// The request takes effect; nothing of the answer is sent.
    case after
    /// The request takes effect; half of the answer is sent.
    case middle
  }

  var json: JSONValue {
    switch self {
    case .answer(let response):
      [
        "status": .number(response.status), "body": .string(String(decoding: response.body, as: UTF8.self)),
        "headers": .object(
          Dictionary(response.headers.map { ($0.name, .string($0.value)) }) { first, _ in first }),
      ]
    case .reset(let point): ["reset": .string(point.rawValue)]
    case .delay(let milliseconds): ["delayMs": .number(milliseconds)]
    case .stall(let milliseconds): ["stallMs": .number(milliseconds)]
    case .truncate(let bytes): ["truncate": bytes.map { .number($0) } ?? true]
    case .badChunk: ["badChunk": true]
    case .timeout(let point): ["timeout": .string(point.rawValue)]
    }
  }
}

extension SandboxFault: Codable {
  package init(from decoder: any Decoder) throws {
    self = try FaultReader.fault(try JSONValue(from: decoder))
  }

  package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}
