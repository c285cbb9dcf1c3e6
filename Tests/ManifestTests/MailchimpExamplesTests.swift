import ConnectorModel
import Foundation
import JSONSchema
import Manifest
import Testing

@Suite struct MailchimpExamplesTests {
  private static let folder = ManifestFixtures.repository + "/manifests/"

  private static func json(_ path: String) throws -> JSONValue {
    try StableJSON.decode(JSONValue.self, from: Array(try ManifestFixtures.text(folder + path).utf8))
  }

  private static func findings(_ value: JSONValue, _ schema: String) throws -> [String] {
    try JSONSchema(parsing: json("schemas/mailchimp/\(schema).json")).validate(value).map(\.description)
  }

  @Test(arguments: [
    ("campaign", "campaign-publish"), ("campaign-scheduled", "campaign-publish"),
    ("campaign", "campaign-send"),
    ("member", "member-upsert"),
  ])
  func exampleConformsToItsSchema(example: String, schema: String) throws {
    #expect(try Self.findings(Self.json("examples/mailchimp/\(example).json"), schema) == [])
  }

  /// Examples that are not named after their action.
  private static let others = [
    "campaign": "campaign-publish", "campaign-scheduled": "campaign-publish",
    "campaign-rss": "campaign-publish",
    "campaign-variate": "campaign-publish", "member": "member-upsert",
    "file-upload-own": "file-upload",
  ]

  @Test func everyExampleConformsToItsActionsSchema() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder + "examples/mailchimp")
      .map { String($0.dropLast(".json".count)) }
    #expect(names.count > 50)
    for name in names {
      let schema = Self.others[name] ?? name
      #expect(try Self.findings(Self.json("examples/mailchimp/\(name).json"), schema) == [], "\(name)")
    }
  }

  @Test func aCampaignHasOneKindOfContentAndOneTime() throws {
    guard case .object(var campaign) = try Self.json("examples/mailchimp/campaign.json") else { return }
    campaign["templateId"] = .integer(1)
    #expect(try Self.findings(.object(campaign), "campaign-publish").count == 2)
    campaign["html"] = nil
    campaign["plainText"] = nil
    #expect(try Self.findings(.object(campaign), "campaign-publish") == [])
    campaign["scheduleAt"] = .string("2027-01-01T09:15:00Z")
    #expect(try Self.findings(.object(campaign), "campaign-publish").count == 1)
    campaign["templateId"] = nil
    campaign["send"] = nil
    #expect(try Self.findings(.object(campaign), "campaign-publish").count == 1)
  }

  @Test func aDraftIsSentByItsIDAlone() throws {
    #expect(try Self.findings(.object(["campaignId": .string("42694e9e57")]), "campaign-send") == [])
    #expect(try !Self.findings(.object([:]), "campaign-send").isEmpty)
    let both = JSONValue.object(["campaignId": .string("42694e9e57"), "subject": .string("x")])
    #expect(try !Self.findings(both, "campaign-send").isEmpty)
  }

  @Test func theEmptyInputHasNoMembers() throws {
    #expect(try Self.findings(.object([:]), "empty") == [])
    #expect(try !Self.findings(.object(["a": .null]), "empty").isEmpty)
  }
}
