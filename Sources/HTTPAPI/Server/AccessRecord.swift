/// What is known of one exchange when it is over: no URL, no query, no body, no key.
package struct AccessRecord: Sendable, Equatable {
  package var method: String
  /// The route's template, `/api/jobs/{id}` for instance; nil where no route fits.
  package var route: String?
  package var status: Int
  /// From the request's head to the answer.
  package var duration: Duration
  /// Also in the answer, as `X-Request-Id`.
  package var requestID: String
  /// Nil where no key was accepted.
  package var tenant: String?
  /// The API key's id.
  package var key: String?

  package init(
    method: String, route: String?, status: Int, duration: Duration, requestID: String, tenant: String?,
    key: String?
  ) {
    self.method = method
    self.route = route
    self.status = status
    self.duration = duration
    self.requestID = requestID
    self.tenant = tenant
    self.key = key
  }
}
