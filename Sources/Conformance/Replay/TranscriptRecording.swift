package import ConnectorModel
internal import Manifest
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// What a sandbox recorded, on its way to transcripts.
package struct TranscriptRecording: Sendable {
  private let exchanges: [JSONValue]
  /// Requests that came after the sandbox's log was full.
  private let dropped: Int64

  /// - Parameter recorded: as `/_sandbox/transcript` tells it: `{"dropped", "exchanges"}`.
  package init(_ recorded: JSONValue) {
    exchanges = recorded["exchanges"]?.elements ?? []
    dropped = recorded["dropped"]?.integer ?? 0
  }

  package var count: Int { exchanges.count }

  /// One operation of a connector, whole.
  package struct Operation: Sendable {
    package var action: String
    /// JSON.
    package var input: [UInt8]
    package var idempotencyKey = ""
    package var mustReconcile = false
    /// `ok` or the name of the error.
    package var code: String
    package var result: JSONValue?
    /// Nanoseconds since 1970 when it began.
    package var now: UInt64

    package init(
      action: String, input: [UInt8], idempotencyKey: String = "", mustReconcile: Bool = false, code: String,
      result: JSONValue?, now: UInt64
    ) {
      self.action = action
      self.input = input
      self.idempotencyKey = idempotencyKey
      self.mustReconcile = mustReconcile
      self.code = code
      self.result = result
      self.now = now
    }
  }

  /// Writes the transcript of an operation that was run against the sandbox.
  ///
  /// - Throws: when it was not recorded whole, or cannot be written.
  package func write(_ operation: Operation, of subject: Subject, to path: String) throws(TranscriptFault) {
    guard let manifest = subject.manifest, let code = OutcomeCode(name: operation.code) else {
      throw TranscriptFault(
        what: "the manifest \(subject.given.manifestPath) cannot be used; see `patchbay lint`")
    }
    guard dropped == 0 else {
      throw TranscriptFault(what: "the operation made more requests than the sandbox records; record less")
    }
    var transcript = self.transcript(of: manifest, name: "recorded")
    transcript.about = "Recorded from the sandbox."
    transcript.operation = operation.action
    transcript.input = operation.input
    transcript.idempotencyKey = operation.idempotencyKey
    transcript.mustReconcile = operation.mustReconcile
    transcript.now = operation.now - operation.now % 1_000_000_000
    transcript.end = .init(code: code, result: operation.result)
    try transcript.write(to: path)
  }

  /// Writes what clients asked, a file for each connector whose endpoints were asked.
  ///
  /// - Returns: the files' paths.
  /// - Throws: when one cannot be written.
  package func writeOfClients(to folder: String, manifests: String) throws(TranscriptFault) -> [String] {
    let today = CalendarDate(secondsSince1970: Int64(Date.now.timeIntervalSince1970))
    var written: [String] = []
    for manifest in ManifestDirectory.read([manifests], today: today).compactMap(\.manifest) {
      var transcript = self.transcript(of: manifest, name: "client")
      guard !transcript.exchanges.isEmpty else { continue }
      transcript.isOfClient = true
      transcript.about = "Recorded from a client."
      transcript.end = .init(code: .ok, result: nil, isAny: true)
      let path = "\(folder)/\(manifest.id)/client.json"
      try transcript.write(to: path)
      written.append(path)
    }
    return written
  }

  /// What concerns one connector.
  private func transcript(of manifest: Manifest, name: String) -> Transcript {
    var transcript = Transcript(name: name, end: .init(code: .ok, result: nil))
    let bases = manifest.endpoints.sorted { $0.key < $1.key }.flatMap(\.value.bases)
    for exchange in exchanges {
      guard let method = exchange["method"]?.text, let url = exchange["url"]?.text,
        let found = bases.lazy.compactMap({ BaseMatch(of: url, under: $0) }).first
      else { continue }
      transcript.variables.merge(found.variables) { first, _ in first }
      transcript.exchanges.append(Transcript.Exchange(recorded: exchange, method: method, url: found.rest))
    }
    return transcript
  }
}

extension Transcript.Exchange {
  fileprivate init(recorded exchange: JSONValue, method: String, url: String) {
    self.init(
      method: method, url: url, body: exchange["body"], status: Int(exchange["status"]?.integer ?? 200),
      headers: (exchange["headers"]?.elements ?? []).compactMap { field in
        field["name"]?.text.map { HeaderField($0.lowercased(), field["value"]?.text ?? "") }
      }, answer: [], isOptional: false, fault: exchange["cut"] == .bool(true) ? .cut : nil)
    if let json = exchange["json"] {
      answer = (try? StableJSON.encode(json)) ?? []
      headers.append(HeaderField("content-type", "application/json"))
    } else if let type = exchange["contentType"]?.text, !type.isEmpty {
      headers.append(HeaderField("content-type", type))
    }
  }
}

/// A URL under an endpoint's base, with the values that the base's variables have in it.
struct BaseMatch: Equatable {
  var variables: [String: String] = [:]
  /// Below the base, with its query; starts with a slash.
  var rest: String

  /// Nil when it is not under it.
  init?(of url: String, under base: String) {
    var url = url[...]
    var base = base[...]
    while base.hasSuffix("/") { base = base.dropLast() }
    while let letter = base.first {
      if letter == "{", let close = base.firstIndex(of: "}") {
        let name = base[base.index(after: base.startIndex)..<close]
        base = base[base.index(after: close)...]
        let value = url.prefix { !"./:?#".contains($0) && $0 != base.first }
        guard !value.isEmpty else { return nil }
        variables[String(name)] = String(value)
        url = url.dropFirst(value.count)
      } else {
        guard url.first == letter else { return nil }
        url = url.dropFirst()
        base = base.dropFirst()
      }
    }
    guard url.isEmpty || "/?".contains(url.first ?? "x") else { return nil }
    rest = url.hasPrefix("/") ? String(url) : "/\(url)"
  }
}
