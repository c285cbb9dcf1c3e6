internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let posts: [Route] = [
    Route(
      .get, "/api/posts", "listPosts", "What stands on platforms, newest first.", .read,
      query: QueryParameter.paging, [.json(.page(of: Post.schema), "A part of the list.")]
    ) { call in
      .json(try await call.service.posts(page: call.page, by: call.principal).json(\.json))
    },
    Route(
      .get, "/api/posts/{id}", "getPost", "One post.", .read, [.json(Post.schema, "The post.")]
    ) { call in
      .json(try await call.service.post(call.id, by: call.principal).json)
    },
    Route(
      .patch, "/api/posts/{id}", "editPost", "Changes a post, where the platform can.", .publish,
      body: .anyObject.described("What to change, in the words of the connector's action."), receipts,
      problems: [.conflict, .idempotencyConflict, .unsupported, .overloaded]
    ) { call in
      guard let changes = call.body, case .object = changes else {
        throw Problem(.invalidInput, "The body must be a JSON object.", pointer: "")
      }
      return .receipt(try await call.service.editPost(call.id, changes: changes, by: call.principal))
    },
    Route(
      .delete, "/api/posts/{id}", "deletePost", "Removes a post from its platform, where the platform can.",
      .publish, receipts, problems: [.conflict, .idempotencyConflict, .unsupported, .overloaded]
    ) { call in
      .receipt(try await call.service.deletePost(call.id, by: call.principal))
    },
  ]
}
