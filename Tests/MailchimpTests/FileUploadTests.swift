import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct FileUploadTests {
  private func upload(
    _ name: String, size: UInt64, _ transcript: [Transcript.Exchange] = [], isLater: Bool = false
  ) throws -> ConnectorRun {
    try CampaignTranscripts.test(isLater: isLater).run(
      "file.upload",
      input:
        #"{"name":"\#(name)","folderId":4,"file":{"$blob":1,"size":\#(size),"type":"image/png","sha256":""}}"#,
      Transcript(transcript))
  }
  private let stored =
    #"{"id":9,"name":"a\"b.png","full_size_url":"https://mcusercontent.com/x.png","size":10485760}"#

  @Test func mediaIsPutIntoTheJSONAsBase64WhileItIsStreamed() throws {
    let post = Transcript.Exchange.http(
      "POST", "/file-manager/files", auth: "default", json: stored,
      check: { request in
        guard case .concatenation(let parts, let type)? = request.body else {
          Issue.record("no concatenation")
          return
        }
        #expect(type == "application/json")
        #expect(parts.map(\.base64) == [false, true, false])
        #expect(
          parts[1].body == .blob(BlobRange(blob: 1, offset: 0, length: 10_485_760), contentType: "image/png"))
        func text(_ part: PayloadPart) -> String {
          guard case .bytes(let bytes, _) = part.body else { return "" }
          return String(decoding: bytes, as: UTF8.self)
        }
        let whole = text(parts[0]) + "AAAA" + text(parts[2])
        let value = try StableJSON.decode(JSONValue.self, from: Array(whole.utf8))
        #expect(value == ["name": "a\"b.png", "folder_id": 4, "file_data": "AAAA"])
      })
    let output: JSONValue = try upload(#"a\"b.png"#, size: FileUpload.limit, [post]).output()
    #expect(output["fileId"] == 9 && output["url"] == "https://mcusercontent.com/x.png")
  }

  @Test(arguments: [
    ("a.png", FileUpload.limit + 1, "/file"), ("a.png", 0, "/file"), ("a", 5, "/name"),
    ("a/b.png", 5, "/name"),
  ])
  func whatThePlatformDoesNotTakeIsRefusedBeforeAnythingIsSent(name: String, size: UInt64, pointer: String)
    throws
  {
    let error = try upload(name, size: size).error
    #expect(error?.code == .invalidInput && error?.pointer == pointer)
  }

  @Test func laterAttemptFindsTheFileByNameAndSize() throws {
    func listing(_ size: Int) -> Transcript.Exchange {
      .http(
        "GET", "/file-manager/files?count=1000",
        json: #"{"files":[{"id":9,"name":"a.png","size":\#(size)}],"total_items":1}"#)
    }
    let found: JSONValue = try upload("a.png", size: 5, [listing(5)], isLater: true).output()
    #expect(found["reconciled"] == true)
    let other = try upload(
      "a.png", size: 5, [listing(6), .http("POST", "/file-manager/files", json: stored)], isLater: true)
    #expect((try other.output() as JSONValue)["reconciled"] == false)
  }
}
