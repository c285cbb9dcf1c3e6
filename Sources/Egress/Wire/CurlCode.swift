internal import Ports

/// libcurl's result of a transfer; its numbers never change: https://curl.se/libcurl/c/libcurl-errors.html.
struct CurlCode: Sendable, Equatable {
  let number: UInt32

  /// Says what a result means, given what the callbacks saw.
  ///
  /// - Parameter place: host and port, for messages.
  func failure(_ record: TransferRecord, place: String) -> TransportFailure {
    let (kind, words) = meaning(record)
    // A refused stream left, but the protocol promises that nobody looked at it.
    let mayHaveLeft = record.begun > 0 && kind != .refusedStream
    return TransportFailure(kind: kind, requestMayHaveLeft: mayHaveLeft, message: "\(place): \(words)")
  }

  private func meaning(_ record: TransferRecord) -> (TransportFailure.Kind, String) {
    if record.isBodyUnreadable {
      return (.other, "a blob of the request could not be read; check the host's disk")
    }
    if let fault = record.sinkFault {
      return (.other, "the answer could not be kept: \(fault.message)")
    }
    if record.isTooLarge { return (.tooLarge, "the answer is larger than allowed") }
    if record.wasStoppedFromRepeating {
      return record.isStreamRefused
        ? (.refusedStream, "the platform refused the stream without processing it")
        : (.reset, "the connection closed after the request was sent and before an answer came")
    }
    switch number {
    case 5, 6: return (.resolve, "the host's name could not be resolved")
    case 7:
      return record.refusedAddress
        ? (.refusedAddress, "the host's name leads to a private or reserved address, which is not allowed")
        : (.connect, "no connection could be made")
    case 28:
      return (.timeout, record.begun > 0 ? "no complete answer came in time" : "no connection came in time")
    case 35: return (.connect, "the TLS handshake failed")
    case 53, 54, 58, 59, 60, 66, 77, 80, 82, 83, 90, 91, 98:
      return (.tls, "the host's certificate is not trusted or does not bear its name")
    case 56 where record.isBadlyChunked: return (.malformed, "the answer's chunks are broken")
    case 1, 8, 61: return (.malformed, "the answer is no readable HTTP")
    case 23: return (.malformed, "the answer's content encoding is broken")
    // 0 is libcurl's word for a head that ends in the middle of a line.
    case 0, 16, 18, 52, 55, 56, 92:
      return record.hasStatusLine
        ? (.truncated, "the connection broke in the middle of the answer")
        : (.reset, "the connection closed before an answer came")
    default: return (.other, "the transfer failed (libcurl's error \(number))")
    }
  }
}
