/// The exchanges of one connection as its guard sees them; no I/O, no clock.
///
/// Clients may send requests ahead; answers go out in order, one for each. docs/states.md draws it.
struct ExchangeMachine {
  private enum Reply { case awaited, underWay, replaced }

  /// Requests that began and are not answered to the end.
  private(set) var pending = 0
  /// The last request has not come to its end.
  private var isReading = false
  private var reply = Reply.awaited
  /// The last request, or an answer, said so.
  private var closesAfterReply = false
  /// The guard has the last word here: nothing more is answered.
  private(set) var isOver = false

  enum Write: Equatable {
    case pass
    /// The server says something that answers no request: a bad one. Say it in the API's form.
    case replace
    case drop
  }

  enum Ending: Equatable {
    case nothing
    /// Everything was read and answered.
    case close
    /// The answer is out and the request still comes in: it is not read for ever, and closing at once would cost the
    /// client the answer.
    case closeSoon
  }

  enum Overdue: Equatable {
    case nothing
    /// The request did not come to its end.
    case request
    /// The request is complete and the answer is not there.
    case answer
    /// An answer is half out and cannot be taken back.
    case cut
  }

  mutating func requestBegan(isLast: Bool) {
    pending += 1
    isReading = true
    closesAfterReply = closesAfterReply || isLast
  }

  mutating func requestEnded() { isReading = false }

  mutating func replyBegan(isLast: Bool) -> Write {
    if isOver { return .drop }
    guard pending > 0 else {
      replace()
      return .replace
    }
    closesAfterReply = closesAfterReply || isLast
    reply = .underWay
    return .pass
  }

  var replyGoesOn: Write { isOver ? .drop : .pass }

  mutating func replyEnded() -> Ending {
    pending -= 1
    reply = .awaited
    guard pending == 0 else { return .nothing }
    if isReading { return .closeSoon }
    return closesAfterReply ? .close : .nothing
  }

  /// The time of the oldest request under way is over.
  mutating func timeIsUp() -> Overdue {
    guard !isOver, pending > 0 else { return .nothing }
    let isWriting = reply == .underWay
    replace()
    if isWriting { return .cut }
    return pending == 1 && isReading ? .request : .answer
  }

  private mutating func replace() {
    reply = .replaced
    isOver = true
  }
}
