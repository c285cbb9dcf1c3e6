import Testing

@testable import Sandbox

@Suite struct SandboxInstantTests {
  @Test(arguments: [
    ("2026-11-23T10:07:00+00:00", 1_795_428_420_000), ("2026-11-23T10:07:00Z", 1_795_428_420_000),
    ("2026-11-23T12:07:00+02:00", 1_795_428_420_000), ("2026-11-23T05:07:00-0500", 1_795_428_420_000),
    ("2026-11-23T12:07:00 02:00", 1_795_428_420_000), ("2026-11-23T10:07", 1_795_428_420_000),
    ("2026-11-23 10:07:00", 1_795_428_420_000), ("2026-11-23T10:07:00.25Z", 1_795_428_420_250),
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
  ])
  func textIsReadWithItsOffset(text: String, milliseconds: Int64) {
    #expect(SandboxInstant(iso8601: text)?.milliseconds == milliseconds)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z", "2026-11-23T24:00:00Z",
    "2026-11-23T10:07:00Zz",
    "2026-11-23T10:07:00+2", "tomorrow", "2026-11-23T10:07:00.Z", "2026-1-23T10:07:00Z",
  ])
  func textThatIsNoTimeIsRefused(text: String) {
    #expect(SandboxInstant(iso8601: text) == nil)
  }

  @Test func writtenTimeIsReadBackOverFourCenturies() {
    for step in 0..<5000 {
      let instant = SandboxInstant(milliseconds: (Int64(step) * 2_600_003 - 100_000_000) * 1000)
      #expect(SandboxInstant(iso8601: instant.iso8601) == instant)
    }
  }

  @Test func headerDateHasItsWeekday() {
    #expect(SandboxInstant(milliseconds: 784_111_777_000).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(SandboxInstant(milliseconds: 0).httpDate == "Thu, 01 Jan 1970 00:00:00 GMT")
  }
}
