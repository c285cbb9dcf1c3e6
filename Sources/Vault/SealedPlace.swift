/// What ciphertext belongs to: moved elsewhere it does not open.
enum SealedPlace: CustomStringConvertible {
  case dataKey(tenant: String)
  case secret(tenant: String, connection: String, field: String)
  /// Anything else that is stored encrypted, such as a row of a journal.
  case row(tenant: String, context: String)

  /// Each part with its length before it, so that no two places read alike.
  func associatedData(version: UInt8) -> [UInt8] {
    let parts =
      switch self {
      case .dataKey(let tenant): ["data-key", tenant]
      case .secret(let tenant, let connection, let field): ["secret", tenant, connection, field]
      case .row(let tenant, let context): ["row", tenant, context]
      }
    var result: [UInt8] = [0, 0, 0, 1, version]
    for part in parts {
      let count = UInt32(truncatingIfNeeded: part.utf8.count)
      for shift in [24, 16, 8, 0] { result.append(UInt8(truncatingIfNeeded: count >> UInt32(shift))) }
      result += part.utf8
    }
    return result
  }

  var description: String {
    switch self {
    case .dataKey(let tenant): "the data key of tenant \(tenant)"
    case .secret(_, let connection, let field): "the secret \(field) of connection \(connection)"
    case .row(_, let context): "the sealed row \(context)"
    }
  }
}
