internal import ConnectorModel
internal import Ports

/// What a platform might answer some day instead.
enum ResponseMutation {
  private static let statuses = [200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503]

  static func apply(to transcript: inout Transcript, _ random: inout SplitMix64) {
    for _ in 0..<Int.random(in: 1...2, using: &random) where !transcript.exchanges.isEmpty {
      let place = Int.random(in: transcript.exchanges.indices, using: &random)
      change(&transcript.exchanges[place], &random)
    }
  }

  private static func change(_ exchange: inout Transcript.Exchange, _ random: inout SplitMix64) {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: exchange.status = statuses.randomElement(using: &random) ?? 500
    case 1: exchange.answer = []
    case 2: exchange.answer = Array("<html><body>Bad gateway</body></html>".utf8)
    case 3:
      // A piece of a text may end inside a character, which a file of JSON cannot hold.
      exchange.answer = Array(
        String(decoding: exchange.answer.prefix(exchange.answer.count / 2), as: UTF8.self).utf8)
    case 4: exchange.fault = PlatformFault.ofTheWire.randomElement(using: &random)
    case 5: exchange.headers = [HeaderField("content-type", "text/plain")]
    case 6:
      exchange.status = 429
      exchange.headers = [
        HeaderField("retry-after", ["0", "-1", "x", "3", "99999999999"].randomElement(using: &random) ?? "0")
      ]
    default:
      guard var value = try? StableJSON.decode(JSONValue.self, from: exchange.answer) else {
        exchange.answer = Array("{}".utf8)
        return
      }
      for _ in 0..<Int.random(in: 1...3, using: &random) { value = JSONMutation.mutate(value, &random) }
      exchange.answer = (try? StableJSON.encode(value)) ?? []
    }
  }
}
