internal import ConnectorModel

extension ManifestBuilder {
  func mediaRule(_ cursor: NodeCursor) throws(Gap) -> MediaRule {
    MediaRule(
      path: try cursor.path("path"), types: try cursor.texts("types"), size: try cursor.size("size"),
      count: try count(cursor), width: try pixels(cursor.optional("width")),
      height: try pixels(cursor.optional("height")), pixels: try cursor.optionalInteger("pixels"),
      aspect: try aspect(cursor.optional("aspect")), duration: try duration(cursor.optional("duration")))
  }

  /// A number stands for exactly that many.
  private func count(_ cursor: NodeCursor) throws(Gap) -> MediaRule.Bounds<Int> {
    guard let count = cursor.optional("count") else { return .init() }
    guard case .mapping = count.node.content else {
      let exactly = try count.asInteger()
      return .init(minimum: exactly, maximum: exactly)
    }
    return try pixels(count)
  }

  private func pixels(_ cursor: NodeCursor?) throws(Gap) -> MediaRule.Bounds<Int> {
    .init(minimum: try cursor?.optionalInteger("min"), maximum: try cursor?.optionalInteger("max"))
  }

  private func aspect(_ cursor: NodeCursor?) throws(Gap) -> MediaRule.Bounds<AspectRatio> {
    .init(minimum: try ratio(cursor?.optional("min")), maximum: try ratio(cursor?.optional("max")))
  }

  private func ratio(_ cursor: NodeCursor?) throws(Gap) -> AspectRatio? {
    guard let cursor else { return nil }
    guard let ratio = AspectRatio(try cursor.asText()) else { throw cursor.gap() }
    return ratio
  }

  private func duration(_ cursor: NodeCursor?) throws(Gap) -> MediaRule.Bounds<Duration> {
    .init(minimum: try cursor?.duration("min"), maximum: try cursor?.duration("max"))
  }
}
