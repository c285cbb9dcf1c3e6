/// A path into a JSON value: `$`, `.name`, `['name']`, `[n]`, `[*]`, and nothing else.
package struct JSONPath: Sendable, Hashable {
  package enum Step: Sendable, Hashable {
    case member(String)
    case index(Int)
    case every
  }

  package var steps: [Step]

  package init(steps: [Step]) { self.steps = steps }
}
