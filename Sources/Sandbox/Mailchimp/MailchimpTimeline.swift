internal import ConnectorModel

/// Something in the simulator that happens when its time comes, without a request.
enum MailchimpEvent: Sendable {
  /// A scheduled campaign starts to be sent.
  case start(campaign: Int)
  /// A sending has ended.
  case end(campaign: Int)
  /// A recipient bounces, leaves or complains.
  case fate(campaign: Int)
  /// A batch goes one step on.
  case batch(Int)
}

// How time moves the account on.
extension Mailchimp {
  /// When the next event comes, as far as it is known.
  enum Agenda: Sendable {
    /// Something was changed since it was looked at.
    case unknown
    /// Nil for never.
    case next(SandboxInstant?)
  }

  /// Lets everything happen whose time has come, in the order of the times.
  mutating func settle(at now: SandboxInstant) {
    // Looking through all campaigns costs; most requests come while nothing is due.
    if case .next(let time) = agenda, time.map({ $0 > now }) ?? true { return }
    var next = nextEvent()
    while let due = next, due.time <= now {
      perform(due.event, at: due.time)
      next = nextEvent()
    }
    agenda = .next(next?.time)
  }

  /// What happens next, if time only passes.
  private func nextEvent() -> (time: SandboxInstant, event: MailchimpEvent)? {
    var first: (time: SandboxInstant, event: MailchimpEvent)?
    func consider(_ time: SandboxInstant?, _ event: MailchimpEvent) {
      guard let time, first.map({ time < $0.time }) ?? true else { return }
      first = (time, event)
    }
    for (index, campaign) in campaigns.enumerated() {
      if case .scheduled(let time) = campaign.stage { consider(time, .start(campaign: index)) }
      if !campaign.isAnnounced { consider(campaign.stage.end, .end(campaign: index)) }
      consider(campaign.fates.last?.time, .fate(campaign: index))
    }
    for (index, batch) in batches.enumerated() { consider(batch.nextStep, .batch(index)) }
    return first
  }

  private mutating func perform(_ event: MailchimpEvent, at time: SandboxInstant) {
    switch event {
    case .start(let index): startSending(index, at: time)
    case .end(let index):
      campaigns[index].isAnnounced = true
      announce(campaigns[index], at: time)
    case .fate(let index): meetFate(index, at: time)
    case .batch(let index): advance(batch: index, at: time)
    }
  }

  private mutating func meetFate(_ index: Int, at time: SandboxInstant) {
    guard let fate = campaigns[index].fates.popLast() else { return }
    let campaign = campaigns[index]
    let isSent = fate.recipient < campaign.stage.emailsSent(at: time)
    let recipient = campaign.recipients[fate.recipient]
    guard isSent, fate.kind != .softBounce, let list = lists.firstIndex(where: { $0.id == campaign.listID }),
      let member = lists[list].index(of: recipient.id), lists[list].members[member].status == .subscribed
    else { return }
    lists[list].members[member].lastChanged = time
    lists[list].members[member].mayNotBeResubscribed = true
    if fate.kind == .hardBounce {
      lists[list].members[member].status = .cleaned
    } else {
      lists[list].members[member].status = .unsubscribed
      lists[list].members[member].unsubscribeReason =
        fate.kind == .complaint ? "Campaign abuse report" : "None given"
    }
    tell(fate.kind, of: lists[list].members[member], list: list, campaign: campaign.id, at: time)
  }
}
