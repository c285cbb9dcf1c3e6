import Testing

@testable import ConnectorKit

@Suite struct HeaderBlockTests {
  private static let fields = [
    HeaderField("content-type", "application/json; charset=utf-8"), HeaderField("x-empty", ""),
    HeaderField("x-größe", "größer als fünfzehn Zeichen"),
    HeaderField("x-long", String(repeating: "v", count: 70_000)),
  ]

  @Test func whatWasLentComesBackFieldByField() {
    let block = lent(Self.fields)
    #expect(block.fields == Self.fields)
    #expect(block == HeaderBlock(Self.fields))
    #expect(block != HeaderBlock(Array(Self.fields.dropLast())))
  }

  @Test func noHeadersAreNone() {
    #expect(lent([]).fields.isEmpty)
    #expect(HeaderBlock([]).fields.isEmpty)
  }

  /// As a host lends them: gone when the block is there.
  private func lent(_ fields: [HeaderField]) -> HeaderBlock {
    Arena.with { arena in
      unsafe HeaderBlock(borrowed: arena.pairs(fields), count: fields.count)
    }
  }
}
