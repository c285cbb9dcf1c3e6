/// What may stand at one place of a manifest.
///
/// Reader, key suggestions and published JSON Schema are all made from this one description.
indirect enum Shape: Sendable {
  case text(TextForm)
  /// One of a few known words.
  case word([String])
  case integer(ClosedRange<Int>)
  case boolean
  /// A number of bytes: `8MiB`, `100kB`, or a plain number.
  case size
  /// Any JSON value.
  case anything
  case object([Member])
  /// An object that has exactly one of these members.
  case choice([Member])
  /// An object whose members depend on the word under one key.
  case tagged(by: String, [Variant])
  /// Free names, all with the same kind of value.
  case map(TextForm, Shape)
  case list(Shape, atLeast: Int)
  /// One shape for each kind of node; nil where that kind may not stand.
  case forms(scalar: Shape?, list: Shape?, mapping: Shape?)
  /// One shape for mappings that have the key, one for those that lack it.
  case having(String, Shape, otherwise: Shape)
  case nullable(Shape)

  struct Member: Sendable {
    var name: String
    var shape: Shape
    var isRequired: Bool
    var summary: String

    static func needs(_ name: String, _ shape: Shape, _ summary: String) -> Member {
      Member(name: name, shape: shape, isRequired: true, summary: summary)
    }

    static func may(_ name: String, _ shape: Shape, _ summary: String) -> Member {
      Member(name: name, shape: shape, isRequired: false, summary: summary)
    }
  }

  struct Variant: Sendable {
    var word: String
    var members: [Member]
  }

  var isText: Bool {
    switch self {
    case .text, .word: true
    default: false
    }
  }

  /// A value or a list of such values.
  static func oneOrMore(_ shape: Shape) -> Shape {
    .forms(scalar: shape, list: .list(shape, atLeast: 1), mapping: nil)
  }

  static func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Shape
  where Word.RawValue == String {
    .word(Word.allCases.map(\.rawValue))
  }
}
