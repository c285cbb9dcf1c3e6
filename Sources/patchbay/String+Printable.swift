extension String {
  /// Without what a terminal would obey: control characters and marks that turn the direction of writing are told by
  /// their number.
  var printable: String {
    guard unicodeScalars.contains(where: \.isCommand) else { return self }
    return unicodeScalars.map { $0.isCommand ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
  }
}

extension Unicode.Scalar {
  fileprivate var isCommand: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }
}
