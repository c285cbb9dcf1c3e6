/// What may stand at one place of an action's input where the caller names media.
///
/// Several rules may speak of one place, each for its own types: the first whose types fit is the one that counts.
package struct MediaRule: Sendable, Equatable {
  /// Both ends included; nil: no bound.
  package struct Bounds<Value: Comparable & Sendable & Equatable>: Sendable, Equatable {
    package var minimum: Value?
    package var maximum: Value?

    package init(minimum: Value? = nil, maximum: Value? = nil) {
      self.minimum = minimum
      self.maximum = maximum
    }

    package func contains(_ value: Value) -> Bool {
      (minimum.map { value >= $0 } ?? true) && (maximum.map { value <= $0 } ?? true)
    }
  }

  /// Where in the input; `[*]` for every element of a list.
  package var path: JSONPath
  /// Media types such as `image/png`, or all of a kind such as `video/*`.
  package var types: [String]
  /// Bytes at most.
  package var size: Int?
  /// How many the path may find.
  package var count: Bounds<Int>
  /// Pixels.
  package var width: Bounds<Int>
  /// Pixels.
  package var height: Bounds<Int>
  /// Width times height at most.
  package var pixels: Int?
  /// Width to height.
  package var aspect: Bounds<AspectRatio>
  package var duration: Bounds<Duration>

  package init(
    path: JSONPath, types: [String], size: Int? = nil, count: Bounds<Int> = Bounds(),
    width: Bounds<Int> = Bounds(), height: Bounds<Int> = Bounds(), pixels: Int? = nil,
    aspect: Bounds<AspectRatio> = Bounds(), duration: Bounds<Duration> = Bounds()
  ) {
    self.path = path
    self.types = types
    self.size = size
    self.count = count
    self.width = width
    self.height = height
    self.pixels = pixels
    self.aspect = aspect
    self.duration = duration
  }

  /// Whether the rule is for media of this type.
  package func accepts(_ type: String) -> Bool {
    types.contains { $0 == type || ($0.hasSuffix("/*") && type.hasPrefix($0.dropLast())) }
  }
}
