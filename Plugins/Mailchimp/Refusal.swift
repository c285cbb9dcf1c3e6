import ConnectorKit

extension OperationError {
  /// What an error answer means, and what the person behind the account can do about it.
  ///
  /// - Parameter subject: pointer to the member of the input that named what was not found.
  init(refusal: PlatformError, subject: String) {
    self = refusal.operationError
    let problem = Problem(refusal.answer.body)
    // Not what the host read from the body: that may name a person.
    let summary = problem.summary
    if !summary.isEmpty { message = "\(refusal.request): \(refusal.status) \(summary)" }
    if let title = problem.title, platformCode.isEmpty { platformCode = title }
    pointer = problem.pointer
    if code != .unknownOutcome, let meaning = problem.meaning { (code, retry) = (meaning, .no) }

    switch (refusal.status, problem.title) {
    case (_, "Forgotten Email Not Subscribed"):
      refuseAddress(
        "It was deleted for good, so only its owner can bring it back, through a signup form of the audience."
      )
    case (_, "Member In Compliance State"):
      refuseAddress("It unsubscribed, bounced or is under review, so only its owner can subscribe it again.")
    case (405, _):
      // Also said of a campaign that is in no state for the request.
      code = .invalidState
    default:
      advise(subject: subject, title: problem.title)
    }
  }

  private mutating func refuseAddress(_ reason: String) {
    code = .policy
    retry = .no
    pointer = "/email"
    userMessage = "Mailchimp does not take this address. \(reason)"
  }

  private mutating func advise(subject: String, title: String?) {
    switch code {
    case .permission where title == "User Disabled", .unauthenticated where title == "User Disabled":
      userMessage =
        "The Mailchimp user behind this connection is disabled. Enable it in Mailchimp or connect as another user."
    case .unauthenticated:
      userMessage =
        "Mailchimp no longer accepts this connection. Connect again: sign in to Mailchimp once more, or create a new "
        + "API key there (Profile, Extras, API keys) and enter it."
    // Also the host refuses; then no status says that the account is at fault.
    case .permission where httpStatus == 403:
      userMessage =
        "The Mailchimp user or plan behind this connection does not allow this. Ask the account's owner for the "
        + "Manager role, or check what the plan includes."
    case .notFound:
      pointer = subject
    case .unknownOutcome:
      userMessage = "Nobody knows yet whether Mailchimp did this. Look there before doing it again."
    default: break
    }
  }
}
