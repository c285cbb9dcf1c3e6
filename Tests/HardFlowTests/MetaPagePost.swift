import ConnectorKit

/// A sketch of a Meta page post: the page's token arrives inside an answer, the host swaps it for a handle, and the
/// next request names the handle as its auth.
enum MetaPagePost: Connector {
  static let id = "sketch.meta"
  static let version = "0.0.1"
  static var operations: [Operation] { Action("page.post", post) }

  struct Input: Codable {
    var page: String
    var message: String
  }

  struct Output: Codable, Equatable { var postID: String }

  struct Page: Codable {
    var id: String
    /// A handle, never the token.
    var access_token: String
  }

  struct Pages: Codable {
    struct Paging: Codable { var next: String? }
    var data: [Page]
    var paging: Paging?
  }

  struct Reference: Codable { var id: String }

  static func post(_ input: Input, _ context: OperationContext) async throws -> Output {
    let handle = try await pageToken(input.page, context)
    let answer: Reference = try await context.http(
      HTTPRequest(
        method: "POST", url: "/\(input.page)/feed", endpoint: "graph", auth: "page:\(handle)",
        body: .json(try StableJSON.encode(["message": input.message])))
    ).json()
    return Output(postID: answer.id)
  }

  private static func pageToken(_ page: String, _ context: OperationContext) async throws -> String {
    var url: String? = "/me/accounts?fields=id,access_token&limit=100"
    var seen: Set<String> = []
    while let next = url, seen.insert(next).inserted {
      let pages: Pages = try await context.http(
        HTTPRequest(method: "GET", url: next, endpoint: "graph", auth: "user")
      ).json()
      if let found = pages.data.first(where: { $0.id == page }) { return found.access_token }
      url = pages.paging?.next
    }
    throw OperationError(
      .permission, "page \(page) is not among the pages of this account",
      userMessage: "Connect again and choose the page.", pointer: "/page")
  }
}
