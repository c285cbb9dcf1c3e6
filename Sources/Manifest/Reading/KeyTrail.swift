/// The way from the top of a manifest to one of its values.
struct KeyTrail: Sendable, Hashable, CustomStringConvertible {
  enum Step: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  private(set) var steps: [Step] = []

  func key(_ name: String) -> KeyTrail { adding(.key(name)) }
  func index(_ index: Int) -> KeyTrail { adding(.index(index)) }

  private func adding(_ step: Step) -> KeyTrail {
    var longer = self
    longer.steps.append(step)
    return longer
  }

  /// `endpoints.api.base[0]`; names with a point or other signs stand in brackets: `actions["campaign.publish"]`.
  var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let name) where name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }):
        text += text.isEmpty ? name : ".\(name)"
      case .key(let name): text += "[\"\(name)\"]"
      }
    }
    return text
  }
}
