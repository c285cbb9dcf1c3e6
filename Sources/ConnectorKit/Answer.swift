/// What came of an effect, on its way from the turn that delivers it to whoever waits.
///
/// One pointer: what lies in the frame of an `async` function is memory of every operation that waits.
indirect enum Answer: Sendable {
  /// An answer of the platform with outcome `ok`.
  case response(HTTPResponse)
  case event(Event.Kind)

  init(_ kind: Event.Kind) { self = .event(kind) }
}
