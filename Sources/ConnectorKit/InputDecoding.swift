/// Decodes what the caller sent, and says where it is wrong.
enum InputDecoding {
  static func decode<Input: Decodable>(_ type: Input.Type, from payload: Payload) throws -> Input {
    guard case .json(let bytes) = payload else {
      throw OperationError(.invalidInput, "the input is not JSON")
    }
    do {
      return try StableJSON.decode(type, from: bytes)
    } catch let error as DecodingError {
      let (path, problem) = describe(error)
      throw OperationError(
        .invalidInput, "the input \(path.isEmpty ? "" : "at \(path) ")\(problem)", pointer: path)
    }
  }

  /// A JSON pointer and what is wrong there; never the value itself.
  static func describe(_ error: DecodingError) -> (pointer: String, problem: String) {
    switch error {
    case .keyNotFound(let key, let context):
      (pointer(context.codingPath), "lacks \"\(key.stringValue)\"")
    case .typeMismatch(let type, let context):
      (pointer(context.codingPath), "is not \(words(for: type))")
    case .valueNotFound(let type, let context):
      (pointer(context.codingPath), "is null where \(words(for: type)) is needed")
    case .dataCorrupted(let context):
      (pointer(context.codingPath), "is not valid")
    @unknown default:
      ("", "cannot be read")
    }
  }

  /// A type in the words of JSON: nobody who sends an input knows Swift's.
  private static func words(for type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "an integer"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [Any].Type: "an array"
    default: "\(type)".hasPrefix("Array<") ? "an array" : "an object"
    }
  }

  private static func pointer(_ path: [any CodingKey]) -> String {
    path.map { key in
      "/" + (key.intValue.map(String.init) ?? key.stringValue.escapedForPointer)
    }.joined()
  }
}

extension String {
  fileprivate var escapedForPointer: String {
    split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}
