/// One HTTP request that a platform makes of its own accord.
package struct OutboundCall: Sendable, Equatable {
  /// By which its end is reported; unique within one platform until a reset.
  package var id: Int
  package var method: String
  package var url: LoopbackURL
  package var headers: [NamedText]
  package var body: [UInt8]

  package init(
    id: Int, method: String, url: LoopbackURL, headers: [NamedText] = [], body: [UInt8] = []
  ) {
    self.id = id
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }
}
