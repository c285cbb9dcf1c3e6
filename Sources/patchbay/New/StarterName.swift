internal import Manifest

/// A new connector's name, in the spellings that its files need.
struct StarterName: Sendable, Equatable {
  /// As in the manifest: `acme.v2`.
  let id: String

  /// - Throws: `CommandFailure` when it is no connector's id.
  init(_ id: String) throws(CommandFailure) {
    if let complaint = Manifest.complaint(aboutID: id) { throw CommandFailure(sentence: complaint, code: 2) }
    self.id = id
  }

  private var words: [Substring] { id.split { $0 == "." || $0 == "-" } }

  /// For crates, products and library files: `acme_v2`.
  var joined: String { words.joined(separator: "_") }

  /// For types and people: `AcmeV2`.
  var type: String { words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

  /// `text` of a starter connector, with this name in the place of its own.
  ///
  /// The starters are called `starter`; where letters, digits and `_` alone may stand they say `starter_connector`.
  func replacing(in text: String) -> String {
    text.replacing(#/starter_connector|[Ss]tarter/#) { match in
      switch match.output {
      case "starter": id
      case "Starter": type
      default: "\(joined)_connector"
      }
    }
  }
}
