internal import ConnectorModel
internal import Manifest
internal import Ports

/// Where an intake gets media from, and where it stays.
protocol MediaShelf: Sendable {
  /// The media with this number, taken in before; nil when it was not.
  func known(_ number: UInt64) -> StoredBlob?
  /// - Parameter limit: bytes; nil: the shelf's own.
  func take(_ name: MediaPlace.Name, number: UInt64, limit: UInt64?) async throws(OperationError)
    -> StoredBlob
}

/// Puts media in the place of their names, before an operation begins: got, looked at, held against the manifest.
struct MediaIntake: Sendable {
  /// An input whose media are there.
  struct Taken: Sendable {
    var input: [UInt8]
    var blobs: [UInt64: StoredBlob]
  }

  /// Media of one input.
  static let maximumMedia = 100

  let rules: [MediaRule]

  /// - Throws: `invalidInput` with a pointer, what was found and what is allowed; what fetching said, retryable or not.
  func take(_ input: [UInt8], from shelf: any MediaShelf) async throws(OperationError) -> Taken {
    guard !rules.isEmpty, var value = try? StableJSON.decode(JSONValue.self, from: input) else {
      return Taken(input: input, blobs: [:])
    }
    let places = MediaPlace.all(in: value, by: rules)
    guard places.count <= Self.maximumMedia else {
      throw OperationError(.invalidInput, "the input names more than \(Self.maximumMedia) media")
    }
    var blobs: [UInt64: StoredBlob] = [:]
    for (index, place) in places.enumerated() {
      let number = UInt64(index + 1)
      let blob = try await Self.media(at: place, number, from: shelf)
      if let complaint = MediaJudge.complaint(about: blob, by: place.rules) {
        throw OperationError(
          .invalidInput, "the media at \(place.pointer) \(complaint)", pointer: place.pointer)
      }
      blobs[number] = blob
      place.path.replace(in: &value) { _, _ in blob.described(number) }
    }
    try checkCounts(places, blobs)
    guard let bytes = try? StableJSON.encode(value) else {
      throw OperationError(.internal, "the input cannot be written as JSON")
    }
    return Taken(input: bytes, blobs: blobs)
  }

  private static func media(at place: MediaPlace, _ number: UInt64, from shelf: any MediaShelf)
    async throws(OperationError) -> StoredBlob
  {
    if place.name == .malformed {
      throw OperationError(
        .invalidInput,
        "the media at \(place.pointer) must be named as {\"url\": \"https://…\"} or {\"upload\": \"upl_…\"}",
        pointer: place.pointer)
    }
    if let known = shelf.known(number) { return known }
    do throws(OperationError) {
      return try await shelf.take(place.name, number: number, limit: place.limit)
    } catch {
      throw OperationError(
        error.code, "the media at \(place.pointer) cannot be used: \(error.message)",
        retry: error.retry,
        pointer: place.pointer)
    }
  }

  private func checkCounts(_ places: [MediaPlace], _ blobs: [UInt64: StoredBlob])
    throws(OperationError)
  {
    for rule in rules {
      let types = places.enumerated().filter { $1.rules.contains(rule) }.compactMap {
        blobs[UInt64($0.offset + 1)]?.type
      }
      if let complaint = MediaJudge.complaint(about: types, by: rule, among: rules) {
        throw OperationError(.invalidInput, "at \(rule.path) \(complaint)")
      }
    }
  }
}

extension StoredBlob {
  /// What a connector is told of it.
  func described(_ number: UInt64) -> JSONValue {
    var members: [String: JSONValue] = [
      "$blob": .integer(Int64(clamping: number)), "size": .integer(Int64(clamping: size)),
      "type": .string(type),
      "sha256": .string(sha256),
    ]
    if let width { members["width"] = .integer(Int64(width)) }
    if let height { members["height"] = .integer(Int64(height)) }
    if let durationMilliseconds { members["duration_ms"] = .integer(Int64(durationMilliseconds)) }
    return .object(members)
  }
}
