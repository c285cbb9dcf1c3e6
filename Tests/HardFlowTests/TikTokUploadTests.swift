import ConnectorKit
import ConnectorTesting
import Testing

@Suite struct TikTokUploadTests {
  private let uploadURL = "https://open-upload.tiktokapis.com/video/?upload_id=1"
  private let input = #"{"title":"Hi","video":{"$blob":1,"size":25000000,"type":"video/mp4"}}"#

  private var initialised: Transcript.Exchange {
    .http(
      "POST", "/v2/post/publish/video/init/",
      json: #"{"data":{"publish_id":"v_pub_1","upload_url":"\#(uploadURL)"}}"#)
  }

  private func chunk(_ range: ClosedRange<UInt64>, status: Int, headers: [HeaderField] = [])
    -> Transcript.Exchange
  {
    .http("PUT", uploadURL, status: status, headers: headers) { request in
      #expect(request.headers["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound)/25000000")
      #expect(
        request.body
          == .blob(
            BlobRange(blob: 1, offset: range.lowerBound, length: UInt64(range.count)),
            contentType: "video/mp4"))
    }
  }

  private func status(_ data: String) -> Transcript.Exchange {
    .http("POST", "/v2/post/publish/status/fetch/", json: #"{"data":\#(data)}"#)
  }

  @Test func lastChunkTakesTheRemainderAndTheStatusIsPolledForMinutes() throws {
    let waiting = status(#"{"status":"PROCESSING_UPLOAD"}"#)
    let test = ConnectorTest(TikTokUpload.self)
    let run = try test.run(
      "video.publish", input: input,
      Transcript(
        [initialised, chunk(0...9_999_999, status: 206), chunk(10_000_000...24_999_999, status: 201)]
          + Array(repeating: waiting, count: 8)
          + [status(#"{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[7123456789012345678]}"#)]))
    #expect(try run.output() == TikTokUpload.Output(publishID: "v_pub_1", postID: "7123456789012345678"))
    #expect(run.endTime - test.startTime > 120_000_000_000)
  }

  @Test func uploadResumesAtThePlatformsOffset() throws {
    let run = try ConnectorTest(TikTokUpload.self).run(
      "video.publish", input: input,
      [
        initialised, chunk(0...9_999_999, status: 206),
        chunk(
          10_000_000...24_999_999, status: 416,
          headers: [HeaderField("content-range", "bytes 0-4999999/25000000")]),
        chunk(5_000_000...14_999_999, status: 206),
        chunk(15_000_000...24_999_999, status: 201),
        status(#"{"status":"PUBLISH_COMPLETE","publicaly_available_post_id":[]}"#),
      ])
    #expect(try run.output() == TikTokUpload.Output(publishID: "v_pub_1", postID: nil))
  }
}
