import ConnectorModel
import Manifest
import Ports
import Synchronization
import Testing

@testable import Runtime

@Suite struct MediaIntakeTests {
  /// Uploads by id, and what was taken.
  final class Shelf: MediaShelf {
    let uploads: [String: [UInt8]]
    let kept: [UInt64: StoredBlob]
    let taken = Mutex<[UInt64]>([])

    init(_ uploads: [String: [UInt8]], kept: [UInt64: StoredBlob] = [:]) {
      self.uploads = uploads
      self.kept = kept
    }

    func known(_ number: UInt64) -> StoredBlob? { kept[number] }

    func take(_ name: MediaPlace.Name, number: UInt64, limit: UInt64?) async throws(OperationError)
      -> StoredBlob
    {
      taken.withLock { $0.append(number) }
      guard case .upload(let id) = name, let bytes = uploads[id] else {
        throw OperationError(.network, "it cannot be fetched", retry: .safe)
      }
      return Self.blob(bytes)
    }

    static func blob(_ bytes: [UInt8]) -> StoredBlob {
      let facts = (try? MediaProbe.facts(of: .bytes(bytes))) ?? .init()
      return StoredBlob(
        .bytes(bytes), size: UInt64(bytes.count), type: facts.type, sha256: "ab",
        width: facts.width,
        height: facts.height, durationMilliseconds: facts.durationMilliseconds)
    }
  }

  private static let file = JSONPath(steps: [.member("file")])
  private static let images = JSONPath(steps: [.member("images"), .every, .member("a/b")])
  private let png = MediaProbeTests.png(640, 480)

  private func take(_ input: String, _ rules: [MediaRule], _ shelf: Shelf)
    async throws(OperationError) -> MediaIntake.Taken
  {
    try await MediaIntake(rules: rules).take(Array(input.utf8), from: shelf)
  }

  private func refusal(_ input: String, _ rules: [MediaRule], _ shelf: Shelf) async
    -> OperationError?
  {
    do throws(OperationError) {
      _ = try await take(input, rules, shelf)
      return nil
    } catch { return error }
  }

  @Test func mediaStandInPlaceOfTheirNames() async throws {
    let rules = [
      MediaRule(path: Self.images, types: ["image/*"]),
      MediaRule(path: Self.file, types: ["image/png"]),
    ]
    let taken = try await take(
      #"{"file":{"upload":"p"},"images":[{"a/b":{"upload":"g"}},{"a/b":null},{}],"title":"x"}"#,
      rules,
      Shelf(["p": png, "g": MediaProbeTests.samples[1].bytes]))
    #expect(taken.blobs.mapValues(\.type) == [1: "image/gif", 2: "image/png"])
    #expect(
      String(decoding: taken.input, as: UTF8.self)
        == #"{"file":{"$blob":2,"height":480,"sha256":"ab","size":29,"type":"image/png","width":640},"images":[{"a/b":{"$blob":1,"height":20,"sha256":"ab","size":10,"type":"image/gif","width":10}},{"a/b":null},{}],"title":"x"}"#
    )
  }

  @Test func anotherAttemptTakesNothingAgain() async throws {
    let shelf = Shelf([:], kept: [1: Shelf.blob(png)])
    let rules = [MediaRule(path: Self.file, types: ["image/png"])]
    let taken = try await take(#"{"file":{"url":"https://example.com/x"}}"#, rules, shelf)
    #expect(taken.blobs[1]?.type == "image/png" && shelf.taken.withLock(\.isEmpty))
  }

  @Test func everyViolationSaysWhereWhatAndWhatIsAllowed() async throws {
    let shelf = Shelf(["p": png, "v": MediaProbeTests.film(), "t": Array("text".utf8)])
    func rule(_ change: (inout MediaRule) -> Void) -> [MediaRule] {
      var rule = MediaRule(path: Self.file, types: ["image/png", "video/*"])
      change(&rule)
      return [rule]
    }
    let cases: [(String, [MediaRule], String)] = [
      ("t", rule { _ in }, "is application/octet-stream; allowed is image/png, video/*"),
      ("p", rule { $0.size = 28 }, "has 29 bytes; allowed are at most 28"),
      (
        "p", rule { $0.width = .init(minimum: 641) }, "is 640 pixels wide; allowed are at least 641"
      ),
      (
        "p", rule { $0.height = .init(minimum: 1, maximum: 479) },
        "is 480 pixels high; allowed are 1 to 479"
      ),
      ("p", rule { $0.pixels = 307_199 }, "has 307200 pixels; allowed are at most 307199"),
      (
        "p", rule { $0.aspect = .init(maximum: AspectRatio("1:1")) },
        "is 640 by 480 pixels; allowed are ratios at most 1:1"
      ),
      (
        "v", rule { $0.duration = .init(maximum: .seconds(7)) },
        "is 7500 ms long; allowed are at most 7000 ms"
      ),
    ]
    for (upload, rules, words) in cases {
      let error = await refusal(#"{"file":{"upload":"\#(upload)"}}"#, rules, shelf)
      #expect(error?.code == .invalidInput && error?.pointer == "/file")
      #expect(error?.message == "the media at /file \(words)")
    }
    for input in [
      #"{"file":"x"}"#, #"{"file":{"$blob":1}}"#, #"{"file":{"url":"u","upload":"p"}}"#,
    ] {
      #expect(await refusal(input, rule { _ in }, shelf)?.pointer == "/file")
    }
    let count = await refusal("{}", rule { $0.count = .init(minimum: 1) }, shelf)
    #expect(count?.message == "at $.file there are 0 of image/png, video/*; allowed are at least 1")
    #expect(
      await refusal(
        #"{"file":{"upload":"p"}}"#, rule { $0.count = .init(minimum: 1, maximum: 1) }, shelf)
        == nil)
  }

  @Test func theRuleForAKindGovernsThatKind() async throws {
    let rules = [
      MediaRule(path: Self.file, types: ["image/*"], size: 1),
      MediaRule(path: Self.file, types: ["video/*"], size: 1000),
    ]
    let shelf = Shelf(["p": png, "v": MediaProbeTests.film()])
    #expect(await refusal(#"{"file":{"upload":"v"}}"#, rules, shelf) == nil)
    #expect(await refusal(#"{"file":{"upload":"p"}}"#, rules, shelf)?.code == .invalidInput)
  }

  @Test func whatCannotBeFetchedMayBeTriedAgain() async throws {
    let error = await refusal(
      #"{"file":{"url":"https://example.com/x"}}"#,
      [MediaRule(path: Self.file, types: ["image/*"])], Shelf([:]))
    #expect(error?.code == .network && error?.retry == .safe && error?.pointer == "/file")
  }
}
