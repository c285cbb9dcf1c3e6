internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Reads a request's body, up to a limit.
struct BodyReader: Sendable {
  let body: RequestBody
  /// As the head says; nil where it does not.
  let announcedLength: Int?
  /// In bytes.
  var limit: Int

  func read() async throws(Problem) -> [UInt8] {
    if let announcedLength, announcedLength > limit { throw tooLarge }
    var bytes: [UInt8] = []
    do {
      for try await part in body {
        guard bytes.count + part.readableBytes <= limit else { throw tooLarge }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let problem as Problem {
      throw problem
    } catch {
      throw broken
    }
    // A stream that ends early just ends: a part of a body must not pass for the whole.
    if let announcedLength, announcedLength != bytes.count { throw broken }
    return bytes
  }

  /// Hands over about a mebibyte at a time, each once the one before was taken.
  func stream(to take: @Sendable ([UInt8]) async throws -> Void) async throws {
    if let announcedLength, announcedLength > limit { throw tooLarge }
    var count = 0
    var piece: [UInt8] = []
    var rest = body.makeAsyncIterator()
    while let part = try await Self.next(&rest, orThrow: broken) {
      count += part.readableBytes
      guard count <= limit else { throw tooLarge }
      piece.append(contentsOf: part.readableBytesView)
      guard piece.count >= 1 << 20 else { continue }
      try await take(piece)
      piece.removeAll(keepingCapacity: true)
    }
    if !piece.isEmpty { try await take(piece) }
    if let announcedLength, announcedLength != count { throw broken }
  }

  private static func next(_ rest: inout RequestBody.AsyncIterator, orThrow broken: Problem)
    async throws(Problem)
    -> ByteBuffer?
  {
    do { return try await rest.next() } catch { throw broken }
  }

  private var tooLarge: Problem {
    Problem(.payloadTooLarge, "The body is larger than \(limit) bytes.", closesConnection: true)
  }

  private var broken: Problem {
    Problem(
      .malformedRequest, "The body broke off, or is not chunked as HTTP wants it.", closesConnection: true)
  }
}
