import Glibc
import TestTools
import Testing

/// The committed layout of version 1.
///
/// A red test here is a change of the ABI: docs/abi.md, section Evolution.
@Suite(.offThePool, .needs("clang")) struct LayoutLockTests {
  private static let heading = """
    # The layout of patchbay.h on 64-bit targets, printed by a probe that clang compiles.
    # To accept a change: PATCHBAY_UPDATE_LOCK=1 swift test --filter LayoutLockTests

    """

  @Test func headerHasTheLockedLayout() throws {
    let actual = Self.heading + (try Header.layout(of: Header.text))
    if unsafe getenv("PATCHBAY_UPDATE_LOCK") != nil { writeAll(Array(actual.utf8), to: Header.lock) }
    let locked = String(decoding: readAll(Header.lock), as: UTF8.self)
    let difference = actual.split(separator: "\n").difference(from: locked.split(separator: "\n"))
    #expect(difference.isEmpty, "patchbay.h differs from layout.lock: \(difference)")
  }

  @Test(arguments: [
    // Another order, another width, a field in the middle, a new number for an old name.
    ("patchbay_str method; ", "", "method at 16"),
    ("uint64_t cas; ", "uint32_t cas; ", "cas at 40 size 8"),
    ("uint32_t retry, http_status;", "uint32_t retry, http_status, more;", "retry_after_ms at 16"),
    ("PATCHBAY_E_TIMEOUT = 14", "PATCHBAY_E_TIMEOUT = 99", "PATCHBAY_E_TIMEOUT = 14"),
    ("void (*end)(patchbay_op *op);", "", "end at 112"),
  ])
  func changedHeaderHasAnotherLayout(old: String, new: String, lost: String) throws {
    let text = Header.text
    let place = try #require(text.firstRange(of: old), "the header has no \(old)")
    let changed = text[..<place.lowerBound] + new + text[place.upperBound...]
    #expect(try Header.layout(of: text).contains(lost))
    #expect(try !Header.layout(of: String(changed)).contains(lost))
  }

  @Test func outlineFindsEverythingThatTheHeaderDeclares() {
    let outline = HeaderOutline(of: Header.text)
    #expect(
      outline.structs.map(\.name) == [
        "patchbay_str", "patchbay_bytes", "patchbay_pair", "patchbay_part", "patchbay_payload",
        "patchbay_error",
        "patchbay_http_req", "patchbay_kv_req", "patchbay_event", "patchbay_op_start", "patchbay_out",
        "patchbay_host", "patchbay_connector",
      ])
    #expect(outline.structs[1].fields == ["ptr", "len"])
    #expect(outline.structs.last?.fields.suffix(4) == ["begin", "resume", "end", "extension"])
    #expect(outline.constants.contains("PATCHBAY_E_UNKNOWN_OUTCOME"))
    #expect(outline.constants.contains("PATCHBAY_CAS_ANY") && !outline.constants.contains("PATCHBAY_H"))
  }
}
