internal import ConnectorModel

// Deliveries to webhooks.
extension Mailchimp {
  mutating func calls(at now: SandboxInstant, realTime: SandboxInstant) -> [OutboundCall] {
    settle(at: now)
    return outbox.take(at: now).map { delivery in
      var headers = [
        NamedText("Content-Type", "application/x-www-form-urlencoded"), NamedText("User-Agent", "MailChimp"),
      ]
      // Signed for the real time: a receiver compares it with its own clock, not with the sandbox's.
      if let hook = lists.lazy.flatMap(\.webhooks).first(where: { $0.id == delivery.hook }) {
        let signature = ListWebhook.signature(of: delivery.body, secret: hook.secret, at: realTime)
        headers.append(NamedText("X-Mailchimp-Signature", signature))
      }
      return OutboundCall(
        id: delivery.id, method: "POST", url: delivery.url, headers: headers, body: delivery.body)
    }
  }

  mutating func close(call id: Int, status: Int?, at now: SandboxInstant) {
    guard let gone = outbox.close(id, status: status, at: now) else { return }
    outbox.cancel(hook: gone)
    for list in lists.indices {
      for hook in lists[list].webhooks.indices where lists[list].webhooks[hook].id == gone {
        lists[list].webhooks[hook].isDisabled = true
      }
    }
    for hook in batchWebhooks.indices where batchWebhooks[hook].id == gone {
      batchWebhooks[hook].isEnabled = false
    }
  }

  func nextWake(after now: SandboxInstant) -> SandboxInstant? {
    // Without webhooks nobody notices when something happens, and the next request sees to it.
    let hasHooks = !batchWebhooks.isEmpty || lists.contains { !$0.webhooks.isEmpty }
    guard hasHooks, case .next(let event?) = agenda else { return outbox.nextDue }
    return min(event, outbox.nextDue ?? event)
  }
}
