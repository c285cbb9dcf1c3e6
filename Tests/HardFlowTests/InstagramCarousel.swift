import ConnectorKit

/// A sketch of the Instagram carousel: containers for the children side by side, polling, publishing, and an unknown
/// outcome that the container's own status answers.
enum InstagramCarousel: Connector {
  static let id = "sketch.instagram"
  static let version = "0.0.1"
  static var operations: [Operation] { Action("carousel.publish", publish) }

  struct Input: Codable {
    var account: String
    var imageURLs: [String]
    var caption: String
  }

  struct Output: Codable, Equatable {
    var mediaID: String?
    var reconciled: Bool
  }

  struct Reference: Codable { var id: String }
  struct ContainerStatus: Codable { var status_code: String }
  struct Page: Codable { var data: [Reference] }

  static func publish(_ input: Input, _ context: OperationContext) async throws -> Output {
    let children = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for (index, url) in input.imageURLs.enumerated() {
        group.addTask { (index, try await child(url, input.account, context)) }
      }
      return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
    }
    let ordered = children.sorted { $0.key < $1.key }.map(\.value)
    let parent = try await create(
      ["media_type": "CAROUSEL", "children": ordered.joined(separator: ","), "caption": input.caption],
      input.account, context)
    try await waitUntilFinished(parent, context)
    do {
      let media: Reference = try await post(
        "/\(input.account)/media_publish", ["creation_id": parent], context
      ).json()
      return Output(mediaID: media.id, reconciled: false)
    } catch let error as PlatformError where error.code == .unknownOutcome {
      guard try await status(parent, context) == "PUBLISHED" else { throw error }
      let latest: Page = try await get("/\(input.account)/media?limit=1", context).json()
      return Output(mediaID: latest.data.first?.id, reconciled: true)
    }
  }

  private static func child(_ url: String, _ account: String, _ context: OperationContext) async throws
    -> String
  {
    let id = try await create(["image_url": url, "is_carousel_item": "true"], account, context)
    try await waitUntilFinished(id, context)
    return id
  }

  private static func create(
    _ fields: [String: String], _ account: String, _ context: OperationContext
  ) async throws -> String {
    let reference: Reference = try await post("/\(account)/media", fields, context).json()
    return reference.id
  }

  private static func waitUntilFinished(_ container: String, _ context: OperationContext) async throws {
    for _ in 0..<5 {
      switch try await status(container, context) {
      case "FINISHED": return
      case "IN_PROGRESS": try await context.sleep(for: .seconds(60))
      case let other: throw OperationError(.policy, "container \(container) is \(other)")
      }
    }
    throw OperationError(.timeout, "container \(container) was not finished after 5 minutes", retry: .safe)
  }

  private static func status(_ container: String, _ context: OperationContext) async throws -> String {
    let status: ContainerStatus = try await get("/\(container)?fields=status_code", context).json()
    return status.status_code
  }

  private static func get(_ url: String, _ context: OperationContext) async throws -> HTTPResponse {
    try await context.http(HTTPRequest(method: "GET", url: url, endpoint: "graph", auth: "user"))
  }

  private static func post(
    _ url: String, _ fields: [String: String], _ context: OperationContext
  ) async throws -> HTTPResponse {
    let body = Payload.json(try StableJSON.encode(fields))
    return try await context.http(
      HTTPRequest(method: "POST", url: url, endpoint: "graph", auth: "user", body: body))
  }
}
