import ConnectorModel
import JSONSchema
import Testing

@testable import Manifest

@Suite struct ManifestSchemaTests {
  private static func schema() throws -> JSONSchema {
    let printed = try StableJSON.decode(JSONValue.self, from: Array(ManifestSchema.text().utf8))
    return try JSONSchema(parsing: printed, vocabulary: .manifest)
  }

  private static func json(ofFile path: String) throws -> JSONValue {
    var log = ProblemLog()
    let document = YAMLDocument(reading: Array(try ManifestFixtures.text(path).utf8), log: &log)
    return try #require(document.root).json
  }

  @Test(arguments: ["Tests/ManifestTests/Fixtures/good/full.yaml", "manifests/mailchimp.yaml"])
  func goodManifestConforms(path: String) throws {
    let value = try Self.json(ofFile: ManifestFixtures.repository + "/" + path)
    #expect(try Self.schema().validate(value).map(\.description) == [])
  }

  @Test(arguments: BrokenManifest.all)
  func whatTheSchemaCanSeeItRefuses(_ broken: BrokenManifest) throws {
    let visible = [
      "unknown-key ", "missing-key ", "wrong-type ", "unknown-word ", "conflicting-keys ",
    ]
    let expectations = try broken.expectations().filter { line in visible.contains { line.hasPrefix($0) } }
    // A document that libyaml could not read to its end has no JSON to hold against the schema.
    guard !expectations.isEmpty, broken.name != "syntax.yaml" else { return }
    #expect(try !Self.schema().validate(Self.json(ofFile: broken.path)).isEmpty)
  }

  @Test func everyPlaceOfAMisspelledKeyIsRefused() throws {
    let schema = try Self.schema()
    let value = try Self.json(ofFile: ManifestFixtures.folder + "/good/full.yaml")
    var places = 0
    for mutant in Self.mutants(of: value) {
      places += 1
      #expect(!schema.validate(mutant.value).isEmpty, "a misspelled key passes at \(mutant.place)")
      let errors = mutant.reading.problems.filter { $0.severity == .error }
      #expect(errors.map(\.code) == [.unknownKey], "the reader lets one pass at \(mutant.place): \(errors)")
    }
    #expect(places > 40)
  }

  private struct Mutant {
    var place: String
    var value: JSONValue
    var reading: ManifestReading
  }

  /// The value with one unknown key, once for each object with fixed keys.
  private static func mutants(of root: JSONValue) -> [Mutant] {
    var mutants: [Mutant] = []
    func visit(_ value: JSONValue, _ place: String, _ rebuild: (JSONValue) -> JSONValue) {
      switch value {
      case .object(let members):
        // Free names and free values have no fixed keys.
        let isFree =
          [
            "vars", "derive", "take", "keep", "buckets", "endpoints", "auth", "scopes", "actions", "sync",
            "webhooks", "headers", "query", "response", "body", "authorize", "token", "library",
            "capabilities", "values",
            "x-owner",
          ].contains { place.hasSuffix("/\($0)") } || place.contains("capabilities")
          || place.contains("x-owner")
          || place.contains("/parameters")
        if !isFree {
          var changed = members
          changed["xunknown"] = .integer(1)
          let mutant = rebuild(.object(changed))
          let bytes = (try? StableJSON.encode(mutant)) ?? []
          mutants.append(Mutant(place: place, value: mutant, reading: ManifestFixtures.read(bytes)))
        }
        for (name, member) in members {
          visit(member, place + "/" + name) { new in
            var changed = members
            changed[name] = new
            return rebuild(.object(changed))
          }
        }
      case .array(let elements):
        for (index, element) in elements.enumerated() {
          visit(element, place + "/\(index)") { new in
            var changed = elements
            changed[index] = new
            return rebuild(.array(changed))
          }
        }
      default: return
      }
    }
    visit(root, "") { $0 }
    return mutants
  }

  @Test func everyPendingPlaceStandsInTheGrammar() {
    var known: Set<String> = []
    Self.visit(ManifestGrammar.root, []) { place in
      if let feature = Enforcement.feature(pendingAt: place) { known.insert(feature) }
      for pending in Enforcement.pending where pending.places.contains(place.joined(separator: ".")) {
        known.formUnion(pending.places)
      }
    }
    for pending in Enforcement.pending {
      #expect(known.contains(pending.feature), "\(pending.feature) stands nowhere in the grammar")
      for place in pending.places where !place.contains("**") {
        #expect(known.contains(place), "\(place) stands nowhere in the grammar")
      }
    }
  }

  /// Calls `body` with the place of every key of the grammar.
  private static func visit(_ shape: Shape, _ place: [String], _ body: ([String]) -> Void) {
    func visitMembers(_ members: [Shape.Member]) {
      for member in members {
        body(place + [member.name])
        visit(member.shape, place + [member.name], body)
      }
    }
    switch shape {
    case .text, .word, .integer, .boolean, .size, .anything: return
    case .object(let members), .choice(let members): visitMembers(members)
    case .tagged(_, let variants): for variant in variants { visitMembers(variant.members) }
    case .map(_, let inner), .list(let inner, _): visit(inner, place + ["*"], body)
    case .forms(let scalar, let list, let mapping):
      for inner in [scalar, list, mapping].compactMap(\.self) { visit(inner, place, body) }
    case .having(_, let with, let without):
      visit(with, place, body)
      visit(without, place, body)
    case .nullable(let inner): visit(inner, place, body)
    }
  }
}
