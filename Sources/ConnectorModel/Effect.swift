/// What a connector asks the host to do.
public enum Effect: Sendable, Equatable {
  case http(HTTPRequest)
  case keyValue(KeyValueRequest)
  /// To be resumed after this delay on the host's clock.
  case timer(Duration)
}

/// A named value; header names keep their case, comparison ignores it.
public struct HeaderField: Sendable, Equatable {
  public var name: String
  public var value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

extension [HeaderField] {
  /// The first value under `name`, ignoring case.
  public subscript(_ name: String) -> String? {
    first { $0.name.isSameASCII(as: name) }?.value
  }
}

extension String {
  /// Equal but for the case of ASCII letters.
  fileprivate func isSameASCII(as other: String) -> Bool {
    func folded(_ byte: UInt8) -> UInt8 {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
    return utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { folded($0) == folded($1) }
  }
}

/// One HTTP exchange as a connector asks for it.
public struct HTTPRequest: Sendable, Equatable {
  public struct Options: OptionSet, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Deliver every status with outcome `ok`.
    public static let raw = Options(rawValue: 1 << 0)
    /// Keep the answer's body as a blob.
    public static let toBlob = Options(rawValue: 1 << 1)
    public static let noRedirect = Options(rawValue: 1 << 2)
  }

  /// In upper case.
  public var method: String
  /// A path that starts with `/`, or an absolute URL under the endpoint's base.
  public var url: String
  /// The endpoint's name in the manifest.
  public var endpoint: String
  /// The auth profile's name, `profile:handle`, or empty for none.
  public var auth: String
  public var headers: [HeaderField]
  public var body: Payload?
  public var idempotencyKey: String
  /// Nil: the manifest's.
  public var timeout: Duration?
  /// Nil: the manifest's.
  public var maximumRedirects: Int?
  /// Bytes; nil: the manifest's.
  public var maximumResponse: Int?
  public var options: Options

  public init(
    method: String, url: String, endpoint: String, auth: String = "", headers: [HeaderField] = [],
    body: Payload? = nil, idempotencyKey: String = "", timeout: Duration? = nil,
    maximumRedirects: Int? = nil, maximumResponse: Int? = nil, options: Options = []
  ) {
    self.method = method
    self.url = url
    self.endpoint = endpoint
    self.auth = auth
    self.headers = headers
    self.body = body
    self.idempotencyKey = idempotencyKey
    self.timeout = timeout
    self.maximumRedirects = maximumRedirects
    self.maximumResponse = maximumResponse
    self.options = options
  }
}

/// One access to the connector's own state for the connection.
public struct KeyValueRequest: Sendable, Equatable {
  public enum Verb: UInt32, Sendable { case get = 1, put = 2, delete = 3 }

  /// What must hold for a write to happen.
  public enum Condition: Sendable, Equatable {
    case any
    case absent
    case version(UInt64)
  }

  public var verb: Verb
  /// 1 to 256 bytes.
  public var key: String
  /// At most 64 KiB.
  public var value: [UInt8]
  public var condition: Condition
  /// Nil: for ever.
  public var timeToLive: Duration?

  public init(
    _ verb: Verb, key: String, value: [UInt8] = [], condition: Condition = .any,
    timeToLive: Duration? = nil
  ) {
    self.verb = verb
    self.key = key
    self.value = value
    self.condition = condition
    self.timeToLive = timeToLive
  }
}
