internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// Reads a request's body, up to a limit.
struct BodyReader: Sendable {
  let body: RequestBody
  /// As the head says; nil where it does not.
  let announcedLength: Int?
  let limit: Int

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

  private var tooLarge: Problem {
    Problem(.payloadTooLarge, "The body is larger than \(limit) bytes.", closesConnection: true)
  }

  private var broken: Problem {
    Problem(
      .malformedRequest, "The body broke off, or is not chunked as HTTP wants it.", closesConnection: true)
  }
}
