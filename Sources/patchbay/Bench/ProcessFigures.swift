#if canImport(Glibc)
  internal import Glibc
#endif
#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// What this process takes of the machine, as the kernel counts it.
struct ProcessFigures: Encodable {
  let residentMiB: Int
  let threads: Int

  /// What all threads of this process have used of a CPU; calls `clock_gettime`.
  static var cpuTime: Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Bytes of memory in use, and the most that ever were.
  static var residentBytes: (now: Int, peak: Int) {
    let status = Self.status
    return (status("VmRSS:") * 1_024, status("VmHWM:") * 1_024)
  }

  static func now() -> ProcessFigures {
    let status = Self.status
    return ProcessFigures(residentMiB: status("VmRSS:") / 1_024, threads: status("Threads:"))
  }

  /// Numbers of `/proc/self/status` by their names; zeros where there is none.
  private static var status: (String) -> Int {
    // Files of /proc have no size, so they are read to their end.
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return { name in
      guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return 0 }
      return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
  }
}
