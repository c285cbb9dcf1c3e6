package import ConnectorModel
package import Ports

extension Service {
  package func post(_ id: String, by principal: Principal) async throws(ServiceError) -> Post {
    try principal.require(.read)
    let post = try await stored { () async throws(StoreError) in
      try await self.store.post(id, tenant: principal.tenant)
    }
    guard let post else { throw ServiceError(.notFound, "there is no post \(id)") }
    return post
  }

  package func posts(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<Post> {
    try principal.require(.read)
    return try await listed { () async throws(StoreError) in
      try await self.store.posts(tenant: principal.tenant, page: page)
    }
  }

  /// - Throws: `unsupported` where the platform's connector declares no action for it.
  package func editPost(_ id: String, changes: JSONValue, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt
  {
    try principal.require(.publish)
    throw try await unsupported(id, "edited", by: principal)
  }

  /// - Throws: `unsupported` where the platform's connector declares no action for it.
  package func deletePost(_ id: String, by principal: Principal) async throws(ServiceError) -> PublishReceipt
  {
    try principal.require(.publish)
    throw try await unsupported(id, "deleted", by: principal)
  }

  /// No manifest can name such an action yet.
  private func unsupported(_ id: String, _ what: String, by principal: Principal) async throws(ServiceError)
    -> ServiceError
  {
    let stored = try await stored { () async throws(StoreError) in
      try await self.store.post(id, tenant: principal.tenant)
    }
    guard let post = stored else { throw ServiceError(.notFound, "there is no post \(id)") }
    let connection = try await record(post.connection, of: principal)
    return ServiceError(
      .unsupported,
      "posts of connector \(connection.connector) cannot be \(what) from here; do it on the platform")
  }
}
