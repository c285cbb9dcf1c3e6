import Dispatch
import FoundationEssentials
import Ports
import Synchronization
import Testing

@Suite struct NamedThreadTests {
  @Test func threadCarriesItsNameCutToFifteenBytes() async throws {
    let name = try await NamedThread.run("patchbay-a-very-long-name") {
      try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
    }
    #expect(name == "patchbay-a-very\n")
  }

  @Test func errorsComeBack() async {
    await #expect(throws: CancellationError.self) {
      try await NamedThread.run("patchbay-test") { throw CancellationError() }
    }
  }

  @Test func boundedRunGivesItsResultOrNil() {
    #expect(NamedThread.run("patchbay-test", atMost: .seconds(10)) { 7 } == 7)
    let release = DispatchSemaphore(value: 0)
    #expect(NamedThread.run("patchbay-test", atMost: .milliseconds(20)) { release.wait() } == nil)
    release.signal()
  }
}
