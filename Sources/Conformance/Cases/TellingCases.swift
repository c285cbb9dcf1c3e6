internal import ConnectorModel
internal import Dispatch
internal import Egress
internal import Manifest
internal import Ports
internal import Synchronization

/// Category J, of what a platform tells besides errors: what became of each of many, and how much is left.
enum TellingCases {
  static let all: [ConformanceCase] = [partial, usage]

  static let partial = ConformanceCase(
    "J5", ["R-2"], .gold, seconds: 30,
    "when a platform takes some of many, the result says of each that it did not take"
  ) { run throws(CaseStop) in
    let path = run.subject.errorTable
    let rows: [ErrorTable.Row]
    do throws(TranscriptFault) {
      rows = try (ErrorTable.read(path) ?? []).filter { !$0.items.isEmpty }
    } catch {
      return run.find(
        "transcript", expected: "an error table as docs/conformance.md says", happened: error.what)
    }
    guard !rows.isEmpty else {
      throw .skip(
        "no row of \(path) has `items`: nobody wrote down that the platform takes some of many "
          + "(\(run.subject.place(of: "actions")))")
    }
    let host = try SteppedHost.open(run)
    let transcripts = try host.transcripts(run)
    for row in rows {
      guard let transcript = transcripts.first(where: { $0.name == row.transcript }) else {
        run.find("transcript", expected: "a transcript `\(row.transcript)`", happened: "there is none")
        continue
      }
      run.doing(row.about, rule: "R-2")
      var plan = SteppedPlan(seed: run.seed)
      plan.answers = [row.request - 1: row.answer]
      let report = SteppedOperation(host, transcript, plan, run).perform()
      run.expectEnd(report, row.about)
      guard let result = report.result else {
        run.find(
          "R-2", expected: "a result that says what was taken, for \(row.about)", happened: report.endText.cut
        )
        continue
      }
      let elements = Self.elements(of: result)
      for item in row.items where !elements.contains(where: { $0.isSuperset(of: item) }) {
        run.find(
          "R-2",
          expected: "an element with \(item.map { "`\($0)`" }.joined(separator: " and ")) for \(row.about)",
          happened: "the result has none")
      }
    }
    run.note("\(rows.reduce(0) { $0 + $1.items.count }) items")
  }

  /// The texts of each element of a list, however deep.
  private static func elements(of value: JSONValue) -> [Set<String>] {
    func texts(of value: JSONValue) -> Set<String> {
      Set(
        ValuePlaces.leaves(of: value).compactMap { leaf in
          switch leaf.value {
          case .string(let text): text
          case .integer(let number): "\(number)"
          case .null, .bool, .decimal, .array, .object: nil
          }
        })
    }
    switch value {
    case .array(let elements): return elements.map(texts) + elements.flatMap(Self.elements)
    case .object(let members): return members.values.flatMap(Self.elements)
    case .null, .bool, .integer, .decimal, .string: return []
    }
  }

  static let usage = ConformanceCase(
    "J9", [], .gold, seconds: 30, "what a platform tells of its limits reaches the host's bucket"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    let told = manifest.limits.buckets.filter { !$0.value.headers.isEmpty }
    guard !told.isEmpty else {
      throw .skip("no bucket names a header that tells of it: \(run.subject.place(of: "limits"))")
    }
    var seen: Set<String> = []
    var heard: Set<String> = []
    try run.eachPlain { host, transcript, plain in
      for exchange in plain.exchanges {
        let endpoint = manifest.endpoints[exchange.request.endpoint]
        for name in manifest.limits.defaultBuckets + (endpoint?.buckets ?? []) {
          guard let bucket = told[name],
            bucket.headers.contains(where: { exchange.answer.headers[$0] != nil })
          else {
            continue
          }
          seen.insert(name)
          // A handle lives with its operation, and the body of a write is not sent for nothing.
          guard !heard.contains(name), !exchange.isWrite, !exchange.request.auth.contains(":") else {
            continue
          }
          run.doing("nothing left in `\(name)`", rule: "manifest")
          if Self.waits(
            for: exchange.request, of: transcript, on: manifest, after: bucket.nothingLeft(transcript.now))
          {
            heard.insert(name)
          }
        }
      }
    }
    for name in told.keys.sorted() {
      let headers = told[name]?.headers.joined(separator: ", ") ?? ""
      if !seen.contains(name) {
        run.find(
          "manifest", expected: "an answer with \(headers), as `\(name)` says",
          happened: "no transcript has one: the bucket would never hear anything")
      } else if !heard.contains(name) {
        run.find(
          "manifest", expected: "a wait once \(headers) says that nothing is left of `\(name)`",
          happened: "the next request went at once")
      }
    }
    run.note("\(heard.count) buckets")
  }

  /// Whether the host holds the second of two equal requests back, after an answer with these headers to the first.
  private static func waits(
    for request: HTTPRequest, of transcript: Transcript, on manifest: Manifest, after headers: [HeaderField]
  ) -> Bool {
    let clock = JumpingClock(unixNanoseconds: transcript.now)
    let platform = ScriptedPlatform(transcript, manifest) { answer in
      var changed = answer
      changed.headers.removeAll { own in headers.contains { $0.name.lowercased() == own.name.lowercased() } }
      changed.headers += headers
      return changed
    }
    let egress = Egress(
      manifest: manifest, tokens: CanaryTokens(), transport: platform, clock: clock, seed: 1)
    let scope = OperationScope(
      operation: "op-1", connection: Connection(id: "con_1", variables: transcript.variables),
      deadline: manifest.limits.operation.deadline.after(transcript.now))
    let performed = (0..<2).map { _ in
      let delivered = DispatchSemaphore(value: 0)
      let told = Mutex(PerformedHTTP(answer: HTTPAnswer(outcome: .internal)))
      _ = egress.perform(request, for: scope) { performed in
        told.withLock { $0 = performed }
        delivered.signal()
      }
      _ = delivered.wait(timeout: .now() + .seconds(10))
      return told.withLock { $0 }
    }
    return !performed[1].waits.isEmpty || performed[1].askedToWait != nil
  }
}

extension Limits.Bucket {
  /// Of answers, that tell how much is left or used.
  fileprivate var headers: [String] { (remaining.map { [$0.header] } ?? []) + (usage?.headers ?? []) }

  /// Those headers as they say that everything is used up, for another minute.
  fileprivate func nothingLeft(_ now: UInt64) -> [HeaderField] {
    var fields = (usage?.headers ?? []).map { HeaderField($0, "100") }
    guard let remaining else { return fields }
    fields.append(HeaderField(remaining.header, "0"))
    guard let reset = remaining.reset else { return fields }
    let end = now / 1_000_000_000 + 60
    let text =
      switch reset.unit {
      case .seconds: "60"
      case .minutes: "1"
      case .epochSeconds: "\(end)"
      case .epochMilliseconds: "\(end)000"
      case .date: Transcript.instantText(end)
      }
    return fields + [HeaderField(reset.header, text)]
  }
}
