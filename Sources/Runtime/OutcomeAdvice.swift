package import ConnectorModel

extension OperationError {
  /// What the caller should do, in one sentence.
  ///
  /// The one place where errors become advice.
  package var advice: String {
    if !userMessage.isEmpty { return userMessage }
    return switch code {
    case .unauthenticated: "Connect the account again: the platform no longer accepts its key or token."
    case .permission: "Give the account the missing permission at the platform, then connect it again."
    case .rateLimited: "Try again later; nothing was changed by the refused request."
    case .quota: "Ask for less, or raise the limit in the manifest."
    case .invalidInput: "Correct the input\(pointer.isEmpty ? "" : " at \(pointer)") and send it again."
    case .notFound: "Check the ids in the input."
    case .conflict, .invalidState: "Look at the item at the platform; it is not in a state that allows this."
    case .policy: "Change the content: the platform refused it."
    case .network:
      "Check this machine's network, then try again; if it goes on, look at the platform's status page."
    case .upstream, .timeout: "Try again; if it goes on, look at the platform's status page."
    case .unknownOutcome: "Look at the platform whether it took effect before you send it again."
    case .unsupported: "Use another action or connector: this one cannot do it."
    case .cancelled: "Send it again if it is still wanted."
    case .protocol, .internal: "Report it to the connector's author, with this output."
    case .unknown, .ok: "Report it with this output."
    }
  }
}
