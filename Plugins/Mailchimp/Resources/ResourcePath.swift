import ConnectorKit
import FoundationEssentials

/// A path with `{names}` that an input fills in.
///
/// `{email}` stands for the digest of that address, by which Mailchimp names a member; everything else is an id.
struct ResourcePath: Sendable, ExpressibleByStringLiteral {
  let template: String

  init(stringLiteral template: String) { self.template = template }

  /// The members of the input that it needs, in order.
  var names: [String] { template.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) } }

  /// - Throws: `OperationError` with code `invalidInput` for an id that is none.
  func fill(_ input: JSONValue) throws(OperationError) -> String {
    var path = ""
    for part in template.split(separator: "/") {
      guard part.hasPrefix("{") else {
        path += "/\(part)"
        continue
      }
      let name = String(part.dropFirst().dropLast())
      path += "/\(name == "email" ? try Self.member(input) : try Self.id(input, name))"
    }
    return path
  }

  /// The digest of the input's address.
  static func member(_ input: JSONValue) throws(OperationError) -> String {
    guard let email = input["email"]?.text, email.contains("@"), email.utf8.count <= 320 else {
      throw Field.refusal("/email", "is not an e-mail address")
    }
    return MD5.hexadecimal(email.lowercased())
  }

  private static func id(_ input: JSONValue, _ name: String) throws(OperationError) -> String {
    let id: Identifier? =
      switch input[name] {
      case .string(let text)?: Identifier(text)
      case .integer(let number)? where number >= 0: Identifier(String(number))
      default: nil
      }
    guard let id else { throw Field.refusal("/\(name)", "is not an id of Mailchimp's") }
    return id.description
  }
}
