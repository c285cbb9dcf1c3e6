/// One place where a value breaks its schema.
package struct JSONSchemaFinding: Sendable, Equatable {
  /// JSON pointer into the value, empty for the value itself.
  package var pointer: String
  /// The schema keyword that is broken.
  package var keyword: String
  /// A sentence without the value itself, such as `must be at most 150 characters`.
  package var message: String

  package init(pointer: String, keyword: String, message: String) {
    self.pointer = pointer
    self.keyword = keyword
    self.message = message
  }
}

extension JSONSchemaFinding: CustomStringConvertible {
  package var description: String { "\(pointer.isEmpty ? "the value" : pointer): \(message)" }
}
