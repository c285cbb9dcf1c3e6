import Foundation
import TestTools
import Testing

/// Tests that wait have threads of their own, plain ones and ones that suspend.
@Suite(.offThePool) struct OffThePoolTests {
  private static var thread: String {
    (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
  }

  @Test func plainTestRunsOffThePool() { #expect(Self.thread == "patchbay-tests\n") }

  @Test func testThatSuspendsComesBackOffThePool() async {
    await Task.yield()
    #expect(Self.thread == "patchbay-tests\n")
    async let other = Self.thread
    #expect(await other == "patchbay-tests\n")
  }
}
