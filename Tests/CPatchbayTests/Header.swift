import TestTools
import Testing

/// The contract's header, and the compilers that look at it.
enum Header {
  static var root: String {
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  }

  static var folder: String { "\(root)/Sources/CPatchbay/include" }
  static var text: String { String(decoding: readAll("\(folder)/patchbay.h"), as: UTF8.self) }
  static var user: String { "\(root)/Tests/CPatchbayTests/header.c" }
  static var lock: String { "\(root)/Tests/CPatchbayTests/layout.lock" }

  /// What a probe compiled against `header` prints.
  static func layout(of header: String) throws -> String {
    let scratch = ScratchDirectory()
    scratch.write(Array(header.utf8), to: "patchbay.h")
    scratch.write(Array(HeaderOutline(of: header).probe.utf8), to: "probe.c")
    let clang = try #require(Tool(named: "clang"))
    let built = clang.run(
      ["-std=c11", "-I", scratch.path, scratch.file("probe.c"), "-o", scratch.file("probe")],
      output: scratch.file("log"))
    try #require(built.code == 0, "\(built.printed)")
    let probe = try #require(Tool(path: scratch.file("probe")))
    let ran = probe.run([], output: scratch.file("out"))
    try #require(ran.code == 0)
    return ran.printed
  }
}

extension Trait where Self == ConditionTrait {
  /// Runs where the program is installed; a failure instead of a skip when `PATCHBAY_REQUIRE_ALL=1`.
  static func needs(_ tool: String) -> Self {
    .enabled(if: Tool(named: tool) != nil || requiresAll, "\(tool) is not on the PATH")
  }
}
