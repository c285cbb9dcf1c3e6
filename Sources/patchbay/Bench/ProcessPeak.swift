#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif
#if canImport(Glibc)
  internal import Glibc
#endif

/// The most memory that this process has had, as the kernel counts it.
enum ProcessPeak {
  /// From now on; writes `/proc/self/clear_refs`.
  static func reset() {
    let file = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = unsafe write(file, "5", 1)
    close(file)
  }

  /// Reads `VmHWM` of `/proc/self/status`; 0 where there is none.
  static var mebibytes: Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    let kibibytes = line.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
    return Double(kibibytes * 10 / 1024) / 10
  }
}
