internal import ConnectorModel
internal import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Transcripts by number: equal seeds and numbers give equal transcripts, in every process.
struct FuzzSource: Sendable {
  static let prefix = "fuzz-"

  private let manifest: Manifest
  private let transcripts: [Transcript]
  private let kinds: [FuzzKind]
  private let seed: UInt64
  private let inputSchemas: [String: JSONValue]
  private let configurationSchema: JSONValue?

  /// - Throws: why there is nothing to fuzz.
  init(_ subject: Subject, kinds: [FuzzKind], seed: UInt64) throws(TranscriptFault) {
    guard let manifest = subject.manifest else {
      throw TranscriptFault(what: "the manifest cannot be used; see `patchbay lint`")
    }
    self.manifest = manifest
    self.seed = seed
    transcripts = try Transcript.read(folder: subject.transcriptFolder)
    inputSchemas = manifest.actions.compactMapValues { $0.input.flatMap(Self.json) }
    configurationSchema = manifest.configuration.flatMap { Self.json($0.schema) }
    let given = kinds.isEmpty ? FuzzKind.allCases : kinds
    let hasConfiguration = manifest.configuration != nil
    let hasTranscripts = !transcripts.isEmpty
    let hasInput = !inputSchemas.isEmpty || hasTranscripts
    self.kinds = given.filter { kind in
      switch kind {
      case .input: hasInput
      case .response, .events: hasTranscripts
      case .config: hasConfiguration && (hasTranscripts || hasInput)
      }
    }
    guard !self.kinds.isEmpty else {
      throw TranscriptFault(
        what: "there is nothing to change: no transcript in \(subject.transcriptFolder), and no schema")
    }
  }

  private static func json(_ path: String) -> JSONValue? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    return try? StableJSON.decode(JSONValue.self, from: [UInt8](data))
  }

  func transcript(_ number: Int) -> Transcript {
    // Mixed once more: neighbouring numbers must not give neighbouring sequences.
    var mixed = SplitMix64(seed: seed ^ UInt64(bitPattern: Int64(number)) &* 0x9E37_79B9_7F4A_7C15)
    var random = SplitMix64(seed: mixed.next())
    let kind = kinds[Int.random(in: kinds.indices, using: &random)]
    var transcript = base(kind, &random)
    transcript.about = "\(kind.rawValue) of \(transcript.name), iteration \(number), seed \(seed)."
    transcript.name = "\(Self.prefix)\(number)"
    transcript.end = .init(code: .ok, result: nil, isAny: true)
    transcript.plan = SteppedPlan(seed: random.next() >> 1)
    switch kind {
    case .input: changeInput(&transcript, &random)
    case .response: ResponseMutation.apply(to: &transcript, &random)
    case .events: changeEvents(&transcript, &random)
    case .config: changeConfiguration(&transcript, &random)
    }
    // What a file can hold is what is asked, so that a saved one asks the same.
    return (try? Transcript(transcript.name, transcript.json)) ?? transcript
  }

  private func base(_ kind: FuzzKind, _ random: inout SplitMix64) -> Transcript {
    let known = transcripts.filter { kind != .response || !$0.exchanges.isEmpty }
    let untold =
      kind == .input
      ? inputSchemas.keys.sorted().filter { action in !known.contains { $0.operation == action } } : []
    let place = Int.random(in: 0..<max(1, known.count + untold.count), using: &random)
    if place < known.count { return known[place] }
    let action = place - known.count < untold.count ? untold[place - known.count] : ""
    return transcripts.first { action.isEmpty && $0.operation != "" }
      ?? Transcript(name: action, operation: action, end: .init(code: .ok, result: nil))
  }

  private func changeInput(_ transcript: inout Transcript, _ random: inout SplitMix64) {
    let told = (try? StableJSON.decode(JSONValue.self, from: transcript.input)) ?? .object([:])
    var input = told
    if let schema = inputSchemas[transcript.operation], Int.random(in: 0..<3, using: &random) > 0 {
      input = SchemaSample(root: schema, like: told).value(&random)
    }
    for _ in 0..<Int.random(in: 0...2, using: &random) { input = JSONMutation.mutate(input, &random) }
    transcript.input = (try? StableJSON.encode(input)) ?? transcript.input
  }

  private func changeEvents(_ transcript: inout Transcript, _ random: inout SplitMix64) {
    var plan = transcript.plan ?? SteppedPlan(seed: seed)
    plan.order = SteppedPlan.Order.allCases.randomElement(using: &random) ?? .shuffled
    plan.batching = SteppedPlan.Batching.allCases.randomElement(using: &random) ?? .shuffled
    for _ in 0..<max(0, Int.random(in: -1...2, using: &random)) {
      let place = Int.random(in: 0..<max(1, transcript.exchanges.count + 1), using: &random)
      plan.faults[place] = PlatformFault.allCases.randomElement(using: &random)
    }
    if Int.random(in: 0..<5, using: &random) == 0 {
      plan.keyValueFaults[Int.random(in: 0..<3, using: &random)] =
        [OutcomeCode.conflict, .quota, .notFound, .internal].randomElement(using: &random)
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: plan.cancelAfter = Int.random(in: 1...6, using: &random)
    case 1: plan.endAfter = Int.random(in: 1...6, using: &random)
    default: break
    }
    transcript.plan = plan
  }

  private func changeConfiguration(_ transcript: inout Transcript, _ random: inout SplitMix64) {
    let told = manifest.configuration?.values ?? .object([:])
    var values = told
    if let schema = configurationSchema, Bool.random(using: &random) {
      values = SchemaSample(root: schema, like: told).value(&random)
    }
    for _ in 0..<Int.random(in: 0...3, using: &random) { values = JSONMutation.mutate(values, &random) }
    transcript.configuration = values
  }
}
