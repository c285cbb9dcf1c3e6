import Foundation
import TestTools
import Testing

/// `patchbay call --transcript`: the platform out of a file.
@Suite(.offThePool, .serialized) struct RehearsedCallTests {
  private func call(_ action: String, _ transcript: String, _ more: String...) throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    let folder = "Plugins/Starter/package/manifests"
    return try program.run(
      ["call", "starter", action, "--manifests", folder]
        + ["--transcript", "\(folder)/transcripts/starter/\(transcript).json"] + more)
  }

  @Test func transcriptSaysInputKeyAndWhetherToLookFirst() throws {
    let result = try call("note.publish", "publish-not-found")
    #expect(result.status == 0, "\(result.errors)")
    #expect((result.json["result"] as? [String: Any])?["id"] as? String == "n2")
    #expect(result.json["requests"] as? Int == 2)
    #expect(result.sentences.isEmpty)
  }

  @Test func refusalOfThePlatformIsTheOutcome() throws {
    let result = try call("note.publish", "publish-refused")
    let error = try #require(result.json["error"] as? [String: Any])
    #expect(result.status == 1 && error["code"] as? String == "policy")
    #expect(error["platformCode"] as? String == "content_refused")
  }

  @Test func anotherInputIsToldToHaveNoAnswer() throws {
    let program = try Program()
    defer { program.remove() }
    let result = try call("note.read", "read", "--input", try program.file(#"{"id": "n9"}"#))
    #expect(result.status == 1)
    #expect(result.errors.contains("no answer to GET /notes/n9"))
    #expect(result.errors.contains("nobody asked for GET /notes/n1"))
  }

  @Test func wrongUsageIsTwo() throws {
    #expect(try call("note.read", "publish").status == 2)
    #expect(try call("note.read", "health").status == 2)
    #expect(try call("note.read", "read", "--key", "k").status == 2)
    #expect(try call("note.read", "there-is-none").status == 2)
  }
}
