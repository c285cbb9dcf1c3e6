internal import ConnectorModel
internal import Manifest

/// Categories I and L, of media: who fetches them, and what becomes of those that go in pieces.
enum MediaCases {
  static let ofPolicy: [ConformanceCase] = [fetched]
  static let ofData: [ConformanceCase] = [pieces]

  /// Places inside the host's own network, as somebody would write them who wants to look into it.
  private static let inner = [
    "http://127.0.0.1:8443/pb-inner.jpg", "http://169.254.169.254/latest/meta-data/pb-inner.jpg",
    "https://[::1]/pb-inner.png", "https://localhost/pb-inner.mp4", "file:///etc/pb-inner.jpg",
  ]

  static let fetched = ConformanceCase(
    "I10", ["H-3"], .silver, seconds: 60,
    "it fetches no address that an input names: media by URL are the host's, under its own policy"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, _ in
      guard transcript.kind == .action else { return }
      for (text, input) in InputMutation.each(of: transcript.input, by: Self.inner) {
        asked += 1
        var plan = SteppedPlan(seed: run.seed)
        plan.input = input
        let report = SteppedOperation(host, transcript, plan, run).perform()
        // As a value it may travel, in a body or a query: then it is the platform that fetches.
        guard let request = report.exchanges.first(where: { $0.request.url.hasPrefix(text) }) else {
          continue
        }
        return run.find(
          "H-3", expected: "a URL of the input that is a value, or a medium that the host fetched",
          happened: "\(transcript.name) asks for \(request.request.url.cut)")
      }
    }
    if asked == 0 { throw .skip("no text stands in an input of a transcript") }
    run.note("\(asked) inputs")
  }

  static let pieces = ConformanceCase(
    "L8", [], .gold, seconds: 40,
    "a medium that goes in pieces has arrived whole when it says so, whichever piece was lost and wherever it ends"
  ) { run throws(CaseStop) in
    var asked = 0
    try run.eachPlain { host, transcript, plain in
      guard plain.pieces.count > 1, let length = plain.pieces.map(\.length).max() else { return }
      asked += 1
      func ask(_ place: String, _ change: (inout SteppedPlan) -> Void) {
        var plan = SteppedPlan(seed: run.seed)
        change(&plan)
        run.doing("the pieces of \(transcript.name), \(place)", rule: "value")
        let report = SteppedOperation(host, transcript, plan, run).perform()
        guard let fault = report.lostBytes(of: InventedMedia.sizes(in: plan.input ?? transcript.input)) else {
          return
        }
        run.find(
          "value", expected: "every byte of the medium", happened: "\(transcript.name), \(place): \(fault)")
      }
      ask("as it is") { _ in }
      for effect in plain.exchanges.indices where !plain.exchanges[effect].pieces.isEmpty {
        for fault in [PlatformFault.cut, .timeout, .unreachable, .broken] {
          ask("request \(effect + 1) meets \(fault.rawValue)") { $0.faults = [effect: fault] }
        }
      }
      for size in [length - 1, length, length + 1, 2 * length - 1, 2 * length, 2 * length + 1] {
        ask("\(size) bytes") { $0.input = InventedMedia.resized(transcript.input, to: size) }
      }
    }
    guard asked == 0 else { return run.note("of \(asked) transcripts") }
    let media = try run.manifest().actions.filter { !$0.value.media.isEmpty }.map(\.key).sorted()
    let place = run.subject.place(of: "actions")
    throw .skip(
      media.isEmpty
        ? "no action takes media: \(place)"
        : "no medium goes in more than one piece, of \(media.joined(separator: ", ")): \(place)")
  }
}

extension SteppedReport.Exchange {
  /// The ranges of media that its body carries.
  fileprivate var pieces: [BlobRange] {
    switch request.body {
    case .blob(let range, _)?: [range]
    case .multipart(let parts)?, .concatenation(let parts, _)?:
      parts.compactMap { if case .blob(let range, _) = $0.body { range } else { nil } }
    case .json?, .bytes?, nil: []
    }
  }
}

extension SteppedReport {
  fileprivate var pieces: [BlobRange] { exchanges.flatMap(\.pieces) }

  /// What never arrived although the operation completed; nil when all did.
  fileprivate func lostBytes(of sizes: [UInt64: UInt64]) -> String? {
    guard case .completed = end else { return nil }
    if pieces.contains(where: { $0.length == 0 }) { return "a piece of no bytes" }
    var arrived: [UInt64: [BlobRange]] = [:]
    for (index, exchange) in exchanges.enumerated()
    where exchange.mayHaveArrived(before: exchanges[(index + 1)...]) {
      for piece in exchange.pieces { arrived[piece.blob, default: []].append(piece) }
    }
    for blob in Set(pieces.map(\.blob)).sorted() {
      var end: UInt64 = 0
      for piece in arrived[blob, default: []].sorted(by: { $0.offset < $1.offset }) where piece.offset <= end
      {
        end = max(end, piece.offset + piece.length)
      }
      guard let size = sizes[blob], end < size else { continue }
      return "it completed, and no answer says that bytes \(end) to \(size - 1) arrived"
    }
    return nil
  }
}

extension SteppedReport.Exchange {
  /// The platform took it; or nobody knew, and the operation looked before it sent the next piece.
  fileprivate func mayHaveArrived(before later: ArraySlice<SteppedReport.Exchange>) -> Bool {
    if answer.outcome == .ok { return true }
    guard answer.outcome == .unknownOutcome, let next = later.first else { return false }
    return next.pieces.isEmpty && next.answer.outcome == .ok
  }
}
