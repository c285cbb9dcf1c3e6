internal import ConnectorModel

/// The line that separates the parts of a form.
enum MultipartBoundary {
  /// The same for the same parts of the same operation, and in none of its inline parts.
  ///
  /// Bytes of blobs are not looked through: whoever made them does not know the operation's seed.
  static func choose(for parts: [PayloadPart], seed: UInt64) -> String {
    let texts = parts.compactMap { part -> [UInt8]? in
      switch part.body {
      case .json(let bytes), .bytes(let bytes, _): bytes
      case .blob: nil
      }
    }
    var salt = seed
    while true {
      var spread = NameSpread(salt: salt)
      for part in parts {
        spread.add(part.name)
        spread.add(part.filename)
      }
      let boundary = "patchbay-" + spread.base32(count: 32)
      // Each try is another of 2^128; the texts together hold far fewer.
      if !texts.contains(where: { $0.holds(Array(boundary.utf8)) }) { return boundary }
      salt &+= 1
    }
  }
}

extension [UInt8] {
  fileprivate func holds(_ piece: [UInt8]) -> Bool {
    guard let first = piece.first, count >= piece.count else { return false }
    var rest = self[...]
    while let start = rest.firstIndex(of: first) {
      if rest[start...].starts(with: piece) { return true }
      rest = rest[(start + 1)...]
    }
    return false
  }
}
