/// `--sandbox [URL]`: an option whose value may be left out, which the argument parser does not know.
enum SandboxArgument {
  static let inProcess = "in-process"

  /// The arguments with the value that was left out.
  static func completed(_ arguments: [String]) -> [String] {
    var completed: [String] = []
    for (index, argument) in arguments.enumerated() {
      completed.append(argument)
      guard argument == "--sandbox" else { continue }
      let next = index + 1 < arguments.count ? arguments[index + 1] : "-"
      if next.hasPrefix("-") { completed.append(inProcess) }
    }
    return completed
  }
}
