/// What an operation is asked to do.
public struct OperationStart: Sendable, Equatable {
  public enum Kind: UInt32, Sendable { case action = 1, webhook, health, auth, sync }

  public var kind: Kind
  /// The action or stream; empty for `health`.
  public var name: String
  public var input: Payload
  /// Names that start with `patchbay.` are the host's.
  public var attributes: [HeaderField]
  /// Nanoseconds since 1970 on the host's clock.
  public var deadline: UInt64
  /// All chance of the operation comes from here.
  public var seed: UInt64
  /// From 1.
  public var attempt: UInt32
  public var idempotencyKey: String

  public init(
    kind: Kind, name: String, input: Payload, attributes: [HeaderField] = [], deadline: UInt64,
    seed: UInt64, attempt: UInt32 = 1, idempotencyKey: String = ""
  ) {
    self.kind = kind
    self.name = name
    self.input = input
    self.attributes = attributes
    self.deadline = deadline
    self.seed = seed
    self.attempt = attempt
    self.idempotencyKey = idempotencyKey
  }
}
