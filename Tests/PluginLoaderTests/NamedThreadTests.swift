import Glibc
import Testing

@testable import PluginLoader

struct NamedThreadTests {
  @Test func resultComesBackFromAThreadOfThatName() {
    let name = NamedThread.run("patchbay-test", seconds: 10) {
      String(decoding: readAll("/proc/thread-self/comm"), as: UTF8.self)
    }
    #expect(name == "patchbay-test\n")
  }

  @Test func threadThatDoesNotReturnIsLeftBehind() {
    // The pipe is never written: the thread waits until the test closes it.
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    let end = ends[0]
    let result = NamedThread.run("patchbay-test", seconds: 0) { () -> Int in
      var byte: UInt8 = 0
      return unsafe read(end, &byte, 1)
    }
    #expect(result == nil)
    close(ends[1])
  }
}
