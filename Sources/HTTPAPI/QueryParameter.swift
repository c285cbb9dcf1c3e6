internal import ConnectorModel
internal import Ports

/// A parameter behind the question mark; all are optional.
struct QueryParameter: Sendable {
  var name: String
  var words: String
  var form: TextForm

  static let paging = [
    QueryParameter(name: "limit", words: "How many items at most.", form: .limit),
    QueryParameter(
      name: "after", words: "The `next` of the answer before; leave it out for the first.",
      form: .visible(atMost: 1024)),
  ]
}

extension TextForm {
  /// A number of items.
  fileprivate static let limit = TextForm(
    schema: .integer(in: 1...PageRequest.maximumLimit).defaulting(to: 50),
    words: "a number from 1 to \(PageRequest.maximumLimit)"
  ) { text in
    text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      && Int(text).map { (1...PageRequest.maximumLimit).contains($0) } == true
  }
}
