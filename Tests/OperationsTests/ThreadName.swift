import FoundationEssentials

/// The name of the calling thread.
enum ThreadName {
  static var current: String {
    let text = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
    return String(text.prefix { $0 != "\n" })
  }
}
