/// The parts of a URL that hold values.
struct URLPieces {
  enum Place: Equatable {
    case segment(Int)
    case parameter(String)
  }

  private var segments: [Substring]
  private var parameters: [(name: Substring, value: Substring)]

  init(_ url: String) {
    let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false)
    parameters = (parts.dropFirst().first ?? "").split(separator: "&").map { pair in
      (pair.prefix { $0 != "=" }, pair.drop { $0 != "=" }.dropFirst())
    }
  }

  /// Values of the query by their names, decoded.
  var query: [(name: String, value: String)] {
    parameters.compactMap { parameter in
      Self.decoded(parameter.value).map { (String(parameter.name), $0) }
    }
  }

  /// Segments of the path, decoded.
  var path: [String] { segments.compactMap(Self.decoded) }

  /// Where a text stands by itself.
  func place(of text: String) -> Place? {
    if let index = segments.firstIndex(where: { Self.decoded($0) == text }) { return .segment(index) }
    return parameters.first { Self.decoded($0.value) == text }.map { .parameter(String($0.name)) }
  }

  func piece(at place: Place) -> String? {
    switch place {
    case .segment(let index): index < segments.count ? Self.decoded(segments[index]) : nil
    case .parameter(let name): parameters.first { $0.name == name }.flatMap { Self.decoded($0.value) }
    }
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(),
        let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
