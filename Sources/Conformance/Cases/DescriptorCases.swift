internal import ConnectorModel
internal import Manifest

/// Category D: what the connector says of itself.
enum DescriptorCases {
  static let all: [ConformanceCase] = [silent, names, agreement]

  static let silent = ConformanceCase(
    "D3", ["L-8", "L-1"], .bronze, "describe completes once and pushes nothing else"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    run.doing("describe", rule: "L-1")
    let answer = table.describe()
    if answer.others > 0 {
      run.find("L-8", expected: "only `complete` or `fail`", happened: "\(answer.others) other pushes")
    }
    if answer.status != 0 || answer.completes != 1 || answer.fails != 0 {
      run.find(
        "L-1", expected: "OK and one descriptor",
        happened: "status \(answer.status), \(answer.completes) descriptors, \(answer.fails) failures")
    }
  }

  static let names = ConformanceCase(
    "D5", ["E-7", "D-1", "E-6"], .bronze, "names in the descriptor are ones that can stand in routes and logs"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    run.doing("describe", rule: "D-1")
    guard let descriptor = try? StableJSON.decode(JSONValue.self, from: table.describe().bytes) else {
      throw .skip("the descriptor is no JSON; see D1")
    }
    for id in descriptor["extensions"]?.elements?.compactMap(\.text) ?? []
    where !id.hasPrefix("patchbay.") && id.split(separator: ".").count < 3 {
      run.find("E-7", expected: "an extension named as a reversed domain", happened: id)
    }
    for id in descriptor["extensions"]?.elements?.compactMap(\.text) ?? [] {
      let words = id.lowercased().split { !$0.isLetter && !$0.isNumber }
      if let word = words.first(where: { ["draft", "experimental", "beta", "wip"].contains($0) }) {
        run.find("E-6", expected: "the id that the extension will have", happened: "`\(word)` in \(id)")
      }
    }
    for kind in ["actions", "sync", "webhooks"] {
      for name in descriptor[kind]?.elements?.compactMap(\.text) ?? [] where !Self.isPlain(name) {
        run.find("D-1", expected: "1 to 64 of a-z 0-9 . _ -", happened: "a name in \(kind) has others")
      }
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
      }
  }

  static let agreement = ConformanceCase(
    "D1", ["D-3", "D-1", "D-2", "M-8"], .bronze, "the host loads it: table, descriptor and manifest agree"
  ) { run throws(CaseStop) in
    _ = try run.wholeTable()
    _ = try SteppedHost.load(run, isAboutLoading: true)
  }
}

extension CaseRun {
  /// A table without empty slots.
  func wholeTable() throws(CaseStop) -> BareTable {
    let table = try table()
    let facts = table.facts
    guard facts.isAligned, facts.structSize >= 120, facts.emptySlots.isEmpty else {
      throw .skip("there is no whole table; see C2")
    }
    return table
  }

  /// What `create` is given: the manifest's configuration in the host's envelope.
  var configuration: [UInt8] {
    let manifest = subject.manifest
    let value: JSONValue = .object([
      "connector": .object([
        "id": .string(manifest?.id ?? ""), "version": .string(manifest?.version ?? ""),
      ]),
      "api": .object(["version": .string(manifest?.api.version ?? "")]),
      "config": manifest?.configuration?.values ?? .object([:]),
    ])
    return (try? StableJSON.encode(value)) ?? []
  }
}
