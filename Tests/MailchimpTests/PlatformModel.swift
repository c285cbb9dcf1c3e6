import ConnectorKit
import ConnectorTesting

@testable import MailchimpConnector

/// Mailchimp's campaigns as far as publishing one needs them, with faults at chosen requests.
///
/// A transcript must be written before the run, so a run is repeated with one exchange more until it ends: equal
/// transcripts give equal requests.
struct PlatformModel {
  enum Fault: Hashable, CaseIterable {
    /// The connection breaks and nothing happened.
    case cutBefore
    /// The connection breaks and it happened.
    case cutAfter
  }

  /// Statuses by id; ids are c1, c2, … in the order of creation.
  private(set) var campaigns: [(id: String, status: String, hasContent: Bool)] = []
  /// How often the platform took an order to send.
  private(set) var accepted = 0
  /// For how many reads an order does not show yet.
  private let lag: Int
  private var hiddenReads = 0

  /// An account with one filled draft, or none.
  init(hasDraft: Bool, lag: Int) {
    self.lag = lag
    if hasDraft { campaigns.append((id: "c1", status: "save", hasContent: true)) }
  }

  /// Runs an operation to its end against this state.
  ///
  /// - Returns: how it went and how many requests it made.
  mutating func run(
    _ test: ConnectorTest, _ name: String, _ input: String, faults: [Int: Fault] = [:]
  ) throws -> (run: ConnectorRun, requests: [String]) {
    var exchanges: [Transcript.Exchange] = []
    while exchanges.count < 60 {
      do {
        let run = try test.run(name, input: input, Transcript(exchanges))
        return (run, exchanges.map { "\($0.method) \($0.url)" })
      } catch let mismatch as TranscriptMismatch {
        let words = mismatch.description.split(separator: " ")
        guard mismatch.description.contains("is used up"), words.count > 2 else { throw mismatch }
        let (method, url) = (String(words[words.count - 2]), String(words[words.count - 1]))
        exchanges.append(answer(method, url, faults[exchanges.count]))
      }
    }
    throw TooLong()
  }

  struct TooLong: Error {}

  private mutating func answer(_ method: String, _ url: String, _ fault: Fault?) -> Transcript.Exchange {
    if fault == .cutBefore { return .cut(method, url) }
    let (status, json) = reply(method, url)
    if fault == .cutAfter { return .cut(method, url) }
    return .http(method, url, status: status, json: json)
  }

  private mutating func reply(_ method: String, _ url: String) -> (Int, String) {
    if method == "GET", url.hasPrefix("/campaigns?") {
      let marked = campaigns.reversed().map {
        #"{"id":"\#($0.id)","status":"\#($0.status)","settings":{"title":"\#(CampaignTranscripts.marker)"}}"#
      }
      return (200, #"{"campaigns":[\#(marked.joined(separator: ","))],"total_items":\#(marked.count)}"#)
    }
    if method == "POST", url == "/campaigns" {
      campaigns.append((id: "c\(campaigns.count + 1)", status: "save", hasContent: false))
      return (200, shown(campaigns.count - 1, "save"))
    }
    let parts = url.split(separator: "/").map(String.init)
    guard parts.count > 1, let index = campaigns.firstIndex(where: { $0.id == parts[1] }) else {
      return (404, #"{"title":"Resource Not Found"}"#)
    }
    let isReady = campaigns[index].status == "save"
    switch (method, parts.dropFirst(2).joined(separator: "/")) {
    case ("GET", ""):
      guard hiddenReads > 0 else { return (200, shown(index, campaigns[index].status)) }
      hiddenReads -= 1
      return (200, shown(index, "save"))
    case ("PUT", "content") where isReady:
      campaigns[index].hasContent = true
      return (200, "{}")
    case ("GET", "send-checklist"):
      let isClear = isReady && campaigns[index].hasContent
      return (200, #"{"is_ready":\#(isClear),"items":[]}"#)
    case ("POST", "actions/send") where isReady && campaigns[index].hasContent:
      accepted += 1
      campaigns[index].status = "sending"
      hiddenReads = lag
      return (204, "")
    default: return (400, #"{"title":"Bad Request"}"#)
    }
  }

  private func shown(_ index: Int, _ status: String) -> String {
    #"{"id":"\#(campaigns[index].id)","web_id":7,"status":"\#(status)","send_time":""}"#
  }
}
