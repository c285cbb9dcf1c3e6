/// Why a document is not a schema that this module can hold to.
///
/// Every fault of the document is listed, not only the first.
package struct JSONSchemaError: Error, Sendable, Equatable {
  package struct Fault: Sendable, Equatable {
    /// JSON pointer into the schema document, empty for the document itself.
    package var pointer: String
    /// What is wrong and what to do.
    package var message: String
  }

  package var faults: [Fault]
}

extension JSONSchemaError.Fault: CustomStringConvertible {
  package var description: String { "#\(pointer): \(message)" }
}

extension JSONSchemaError: CustomStringConvertible {
  package var description: String {
    "the JSON Schema cannot be used: " + faults.map(\.description).joined(separator: "; ")
  }
}
