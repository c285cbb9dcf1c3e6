import ConnectorKit

/// A sketch of the TikTok upload: a chunk plan over a blob that never enters the connector, 206 and 201, resuming at
/// the platform's offset, and a status that is polled for minutes.
enum TikTokUpload: Connector {
  static let id = "sketch.tiktok"
  static let version = "0.0.1"
  static var operations: [Operation] { Action("video.publish", publish) }

  struct Blob: Codable {
    var handle: UInt64
    var size: UInt64
    var type: String

    enum CodingKeys: String, CodingKey { case handle = "$blob", size, type }
  }

  struct Input: Codable {
    var video: Blob
    var title: String
  }

  struct Output: Codable, Equatable {
    var publishID: String
    /// As text: the platform's ids are 64-bit.
    var postID: String?
  }

  struct Envelope<Data: Codable>: Codable { var data: Data }

  struct Initialised: Codable {
    var publish_id: String
    var upload_url: String
  }

  struct Status: Codable {
    var status: String
    var fail_reason: String?
    var publicaly_available_post_id: [Int64]?
  }

  static let chunkSize: UInt64 = 10_000_000

  static func publish(_ input: Input, _ context: OperationContext) async throws -> Output {
    let count = max(1, input.video.size / chunkSize)
    let size = count == 1 ? input.video.size : chunkSize
    let started: Envelope<Initialised> = try await post(
      "/v2/post/publish/video/init/",
      #"{"post_info":{"privacy_level":"SELF_ONLY","title":"\#(input.title)"},"source_info":{"chunk_size":\#(size),"#
        + #""source":"FILE_UPLOAD","total_chunk_count":\#(count),"video_size":\#(input.video.size)}}"#,
      context
    ).json()
    try await upload(input.video, chunk: size, count: count, to: started.data.upload_url, context)
    return try await settle(started.data.publish_id, context)
  }

  private static func upload(
    _ video: Blob, chunk: UInt64, count: UInt64, to url: String, _ context: OperationContext
  ) async throws {
    var offset: UInt64 = 0
    var resumes = 0
    while offset < video.size {
      let isLast = offset / chunk >= count - 1
      let length = isLast ? video.size - offset : chunk
      let answer = try await context.http(
        HTTPRequest(
          method: "PUT", url: url, endpoint: "upload",
          headers: [HeaderField("Content-Range", "bytes \(offset)-\(offset + length - 1)/\(video.size)")],
          body: .blob(BlobRange(blob: video.handle, offset: offset, length: length), contentType: video.type),
          options: .raw))
      switch answer.status {
      case 201: return
      case 206: offset += length
      case 416 where resumes < 3:
        // The platform says how far it got: "bytes 0-9999999/…" is 10,000,000 bytes.
        guard
          let end = answer.headers["content-range"]?.split(separator: "/").first?.split(separator: "-").last,
          let last = UInt64(end)
        else { throw OperationError(.upstream, "416 without an offset", httpStatus: 416) }
        offset = last + 1
        resumes += 1
      default:
        throw OperationError(
          .upstream, "the upload was answered with \(answer.status)", httpStatus: answer.status)
      }
    }
  }

  private static func settle(_ publishID: String, _ context: OperationContext) async throws -> Output {
    for attempt in 0..<20 {
      let answer: Envelope<Status> = try await post(
        "/v2/post/publish/status/fetch/", #"{"publish_id":"\#(publishID)"}"#, context
      ).json()
      switch answer.data.status {
      case "PUBLISH_COMPLETE":
        return Output(
          publishID: publishID, postID: answer.data.publicaly_available_post_id?.first.map(String.init))
      case "FAILED":
        throw OperationError(.policy, "TikTok refused the video", platformCode: answer.data.fail_reason ?? "")
      default: try await context.sleep(for: .seconds(min(2 << attempt, 30)))
      }
    }
    throw OperationError(.unknownOutcome, "the video is still being processed", retry: .unknownOutcome)
  }

  private static func post(_ url: String, _ json: String, _ context: OperationContext) async throws
    -> HTTPResponse
  {
    try await context.http(
      HTTPRequest(method: "POST", url: url, endpoint: "api", auth: "user", body: .json(Array(json.utf8))))
  }
}
