/// Which resolved addresses a connection may go to: public ones, and the one that an operator mapped the host to.
///
/// Looked at after name resolution, so that no name, whoever controls it, leads into the host's own network.
struct AddressPolicy: Sendable, Equatable {
  /// The address that this connection was mapped to, nil for none.
  let mapped: SocketAddress?
  let allowsPrivate: Bool

  init(mapped: SocketAddress? = nil, allowsPrivate: Bool = false) {
    self.mapped = mapped
    self.allowsPrivate = allowsPrivate
  }

  func allows(_ address: SocketAddress) -> Bool {
    allowsPrivate || address == mapped || Self.isPublic(address.bytes)
  }

  /// A network by its first bits.
  private struct Block: Sendable {
    let prefix: [UInt8]
    let bits: Int

    init(_ bits: Int, _ prefix: UInt8...) {
      self.prefix = prefix
      self.bits = bits
    }

    func contains(_ address: [UInt8]) -> Bool {
      for (index, expected) in prefix.enumerated() {
        let significant = min(8, bits - index * 8)
        guard significant > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xff00 >> significant)
        guard address[index] & mask == expected & mask else { return false }
      }
      return true
    }
  }

  /// The special-purpose blocks of RFC 6890 and its updates, with multicast and reserved space.
  private static let special4: [Block] = [
    Block(8, 0),  // this network
    Block(8, 10),
    Block(10, 100, 64),  // carrier-grade NAT
    Block(8, 127),
    Block(16, 169, 254),  // link-local, cloud metadata
    Block(12, 172, 16),
    Block(24, 192, 0, 0),
    Block(24, 192, 0, 2),  // documentation
    Block(24, 192, 88, 99),  // 6to4 relays
    Block(16, 192, 168),
    Block(15, 198, 18),  // benchmarks
    Block(24, 198, 51, 100),  // documentation
    Block(24, 203, 0, 113),  // documentation
    Block(4, 224),  // multicast
    Block(4, 240),  // reserved, broadcast
  ]

  /// Only 2000::/3 is public at all; these are exceptions inside it.
  private static let special6: [Block] = [
    Block(23, 0x20, 0x01, 0x00),  // protocol assignments, Teredo, ORCHID, benchmarks
    Block(32, 0x20, 0x01, 0x0d, 0xb8),  // documentation
    Block(16, 0x20, 0x02),  // 6to4, wraps an address of version 4
    Block(20, 0x3f, 0xff, 0x00),  // documentation
  ]

  private static let global6 = Block(3, 0x20)
  private static let translated = Block(96, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)

  private static func isPublic(_ bytes: [UInt8]) -> Bool {
    if bytes.count == 4 { return !special4.contains { $0.contains(bytes) } }
    // NAT64 reaches what its last four bytes say.
    if translated.contains(bytes) { return isPublic(Array(bytes.suffix(4))) }
    // Refuses ::1, v4-mapped, unique local, link-local and multicast addresses with all the rest outside 2000::/3.
    return global6.contains(bytes) && !special6.contains { $0.contains(bytes) }
  }
}
