internal import ConnectorModel

/// The filters of a list of members, read and checked before any member is looked at.
struct MemberFilter {
  private let status: String?
  private let emailType: String?
  private let uniqueEmailID: String?
  private let isVIPOnly: Bool
  private let lastChanged: TimeWindow
  private let timestampOpt: TimeWindow
  private let unsubscribedSince: SandboxInstant?
  /// Nil unless only what changed since the last campaign is wanted.
  private let lastCampaign: SandboxInstant?

  /// - Parameter lastSend: when the audience's last campaign began to be sent.
  init(_ call: MailchimpCall, lastSend: SandboxInstant?) throws(MailchimpProblem) {
    status = try call.choice("status", Member.Status.allCases.map(\.rawValue))
    emailType = call.item("email_type")
    uniqueEmailID = call.item("unique_email_id")
    isVIPOnly = call.flag("vip_only")
    lastChanged = try call.window("last_changed")
    timestampOpt = try call.window("timestamp_opt")
    unsubscribedSince = try call.time("unsubscribed_since")
    if unsubscribedSince != nil, status != Member.Status.unsubscribed.rawValue {
      throw .invalid("unsubscribed_since", "Can only be used with the status unsubscribed.")
    }
    if call.flag("since_last_campaign") {
      guard status != nil else {
        throw .invalid("since_last_campaign", "Member status is required to use this filter.")
      }
      lastCampaign = lastSend ?? SandboxInstant(milliseconds: 0)
    } else {
      lastCampaign = nil
    }
  }

  func admits(_ member: Member) -> Bool {
    // Archived contacts are shown to those who ask for them.
    guard status.map({ $0 == member.status.rawValue }) ?? (member.status != .archived) else { return false }
    if let emailType, emailType != member.fields["email_type"]?.text ?? "html" { return false }
    if let uniqueEmailID, uniqueEmailID != member.uniqueEmailID { return false }
    if isVIPOnly, member.fields["vip"] != true { return false }
    if let unsubscribedSince, member.lastChanged <= unsubscribedSince { return false }
    if let lastCampaign, member.lastChanged <= lastCampaign { return false }
    return lastChanged.contains(member.lastChanged) && timestampOpt.contains(member.timestampOpt)
  }
}
