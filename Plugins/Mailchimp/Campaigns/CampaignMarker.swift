import ConnectorKit
import FoundationEssentials

/// What tells a campaign from all others before its id is known: Mailchimp has no idempotency keys.
///
/// It stands at the end of the campaign's title, which subscribers never see.
struct CampaignMarker: Equatable {
  /// For instance `[pb-0123456789ab]`.
  let text: String

  /// Without the brackets, where it is no part of a title.
  var word: String { String(text.dropFirst().dropLast()) }

  /// The same marker for the same idempotency key, else one from the operation's own chance.
  init(_ context: OperationContext) throws {
    let origin = context.idempotencyKey.isEmpty ? try context.uuid().uuidString : context.idempotencyKey
    self.init(origin: origin)
  }

  init(origin: String) { text = "[pb-\(MD5.hexadecimal(origin).prefix(12))]" }

  /// At most 100 characters: the title is cut here, so that no limit of the platform cuts the marker.
  func title(_ base: String) -> String { "\(base.prefix(99 - text.count)) \(text)" }

  /// A copy made in Mailchimp ends in "(copy 01)" and is not marked.
  func marks(_ campaign: Campaign) -> Bool { campaign.settings?.title?.hasSuffix(text) ?? false }
}
