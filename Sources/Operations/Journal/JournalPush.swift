internal import ConnectorModel
internal import Ports

/// What a turn asked for, as far as two runs of it must agree.
package enum JournalPush: Sendable, Equatable {
  package enum Kind: String, Sendable, Codable { case http, keyValue, timer }

  case effect(UInt64, Kind, isWrite: Bool, fingerprint: [UInt8])
  case cancelEffect(UInt64)

  /// What it concerns.
  package var effect: UInt64 {
    switch self {
    case .effect(let id, _, _, _), .cancelEffect(let id): id
    }
  }

  /// The effects and surrenders of a turn, in push order.
  ///
  /// - Parameter digest: nil where nothing is recorded; fingerprints are empty then.
  static func list(
    _ pushes: [TurnRecord.Push], isWrite: (HTTPRequest) -> Bool, digest: (([UInt8]) -> [UInt8])?
  ) -> [JournalPush] {
    pushes.compactMap { push in
      switch push {
      case .effect(let id, let effect):
        .effect(
          id, Kind(effect), isWrite: effect.isWrite(isWrite),
          fingerprint: digest.map { EffectFingerprint.of(effect, digest: $0) } ?? [])
      case .cancelEffect(let id): .cancelEffect(id)
      case .emit, .complete, .fail: nil
      }
    }
  }

  /// For a sentence about a difference.
  var words: String {
    switch self {
    case .effect(_, .http, let isWrite, _): isWrite ? "a write" : "a request"
    case .effect(_, .keyValue, _, _): "an access to its state"
    case .effect(_, .timer, _, _): "a timer"
    case .cancelEffect: "giving it up"
    }
  }
}

extension JournalPush.Kind {
  fileprivate init(_ effect: Effect) {
    switch effect {
    case .http: self = .http
    case .keyValue: self = .keyValue
    case .timer: self = .timer
    }
  }
}

extension Effect {
  fileprivate func isWrite(_ judge: (HTTPRequest) -> Bool) -> Bool {
    guard case .http(let request) = self else { return false }
    return judge(request)
  }
}
