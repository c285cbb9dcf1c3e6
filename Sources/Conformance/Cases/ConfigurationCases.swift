internal import ConnectorModel
internal import JSONSchema
internal import Manifest

/// Category E, of what `create` is given.
enum ConfigurationCases {
  static let all: [ConformanceCase] = [invalid, threads, failing]

  static let invalid = ConformanceCase(
    "E2", ["L-2"], .silver, "a configuration that its schema refuses is INVALID_INPUT, and no instance"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    for (name, text) in [
      ("nothing at all", ""), ("no JSON", "{"), ("null", "null"), ("an array", "[]"),
      ("an empty object", "{}"),
      ("no `config`", #"{"connector":{"id":"x","version":"1"}}"#),
      ("`config` that is a text", #"{"config":"x"}"#),
    ] {
      run.doing("create with \(name)", rule: "L-2")
      run.judgeCreate(table, Array(text.utf8), name)
    }
    guard let configuration = run.subject.manifest?.configuration,
      let document = Self.document(configuration.schema), let schema = try? JSONSchema(parsing: document)
    else { return run.note("the manifest has no `config`, so that there is no schema to break") }
    for (name, values) in Self.violations(of: document, from: configuration.values)
    where !schema.validate(values).isEmpty {
      run.doing("create with \(name)", rule: "L-2")
      let (instance, answer) = table.create(run.configuration(values))
      if let instance {
        table.destroy(instance)
        run.find("L-2", expected: "INVALID_INPUT for \(name)", happened: "an instance")
      } else if answer.code != OutcomeCode.invalidInput.rawValue {
        run.find("L-2", expected: "INVALID_INPUT for \(name)", happened: "code \(answer.code)")
      } else if answer.pointerLength == 0 {
        run.warn("L-2", expected: "a pointer to \(name)", happened: "it says not where")
      }
    }
  }

  private static func document(_ path: String) -> JSONValue? {
    Subject.bytes(path).flatMap { try? StableJSON.decode(JSONValue.self, from: $0) }
  }

  /// One for each way in which a member can break the schema.
  private static func violations(of schema: JSONValue, from values: JSONValue) -> [(String, JSONValue)] {
    guard case .object(let members) = values else { return [] }
    var found: [(String, JSONValue)] = []
    for name in (schema["required"]?.elements ?? []).compactMap(\.text) {
      var changed = members
      changed[name] = nil
      found.append(("no `\(name)`", .object(changed)))
    }
    guard case .object(let properties)? = schema["properties"] else { return found }
    for name in properties.keys.sorted() {
      for (word, value) in [
        ("null", JSONValue.null), ("a text", .string("pb")), ("an object", .object([:])),
        ("a negative number", .integer(-1)), ("a huge number", .integer(.max)),
      ] {
        var changed = members
        changed[name] = value
        found.append(("\(word) as `\(name)`", .object(changed)))
      }
    }
    var changed = members
    changed["pb_unheard_of"] = .bool(true)
    found.append(("an unknown member", .object(changed)))
    return found
  }

  static let threads = ConformanceCase(
    "E7", ["T-1"], .silver, seconds: 30, "an instance may be made, used and destroyed on three threads"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    run.doing("create on a thread that is gone when another destroys", rule: "T-1")
    guard let made = OneThread.run({ table.create(run.configuration) }), let instance = made.instance else {
      throw .skip("create fails; see E1")
    }
    let isDescribed = OneThread.run { table.describe() } != nil
    let isDestroyed = OneThread.run { table.destroy(instance) } != nil
    // The system gives a new thread the place of one that is gone: to the library they may be the same.
    run.doing("create on one thread, destroy on another, all of them alive", rule: "T-1")
    let isDestroyedBeside = OneThread.run {
      guard let instance = table.create(run.configuration).instance else { return false }
      let isDestroyed = OneThread.run {
        _ = table.describe()
        return OneThread.run { table.destroy(instance) } != nil
      }
      return isDestroyed == true
    }
    if !isDescribed || !isDestroyed || isDestroyedBeside != true {
      run.find("T-1", expected: "a call that returns, whichever thread makes it", happened: "one did not")
    }
  }

  static let failing = ConformanceCase(
    "E6", ["L-3"], .silver, strength: .should, seconds: 30,
    "an operation that never begins leaves nothing behind"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    let transcript = Transcript(
      name: "an unknown action", operation: "patchbay.unheard-of",
      end: .init(code: .unsupported, result: nil))
    func round() {
      for _ in 0..<200 { _ = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform() }
    }
    round()
    let grown = GuardedMemory.leastGrowth(enough: 64 * 200, rounds: round) / 200
    if grown > 64 {
      run.find("L-3", expected: "no growth", happened: "\(grown) bytes for each operation that never began")
    }
  }
}

extension CaseRun {
  /// What `create` is given when the manifest's configuration is `values`.
  func configuration(_ values: JSONValue) -> [UInt8] {
    guard case .object(var members)? = try? StableJSON.decode(JSONValue.self, from: configuration) else {
      return []
    }
    members["config"] = values
    return (try? StableJSON.encode(.object(members) as JSONValue)) ?? []
  }

  /// Whatever the configuration: an instance with OK, or `fail` with the code that is returned.
  func judgeCreate(_ table: BareTable, _ bytes: [UInt8], _ name: String) {
    let (instance, answer) = table.create(bytes)
    if let instance {
      table.destroy(instance)
      if answer.status != 0 {
        find("L-2", expected: "no instance with a code", happened: "both, with \(name)")
      }
    } else if answer.status == 0 {
      find("L-2", expected: "an instance with OK", happened: "OK and none, with \(name)")
    } else if answer.fails != 1 || answer.code != answer.status {
      find(
        "L-2", expected: "`fail` with the code that is returned",
        happened: "status \(answer.status) without it, with \(name)")
    }
  }
}
