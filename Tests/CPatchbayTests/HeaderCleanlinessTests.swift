import TestTools
import Testing

/// The header is clean under the strictest settings that authors use.
struct HeaderCleanlinessTests {
  private func compile(_ compiler: String, _ flags: [String]) throws {
    let scratch = ScratchDirectory()
    let tool = try #require(Tool(named: compiler), "\(compiler) is not on the PATH")
    let (code, printed) = tool.run(
      flags + ["-fsyntax-only", "-I", Header.folder, Header.user], output: scratch.file("log"))
    #expect(code == 0 && printed.isEmpty, "\(printed)")
  }

  @Test(.needs("clang")) func clangFindsNothingInC11() throws {
    // Off: notes on layout, C89 habits, and raw pointers as such; for a C interface they are noise.
    try compile(
      "clang",
      [
        "-std=c11", "-Weverything", "-Werror", "-Wno-padded", "-Wno-declaration-after-statement",
        "-Wno-unsafe-buffer-usage",
      ])
  }

  @Test(.needs("clang")) func clangFindsNothingInCPlusPlus17() throws {
    try compile("clang", ["-x", "c++", "-std=c++17", "-Wall", "-Wextra", "-Werror"])
  }

  @Test(.needs("gcc")) func gccFindsNothingInC11() throws {
    try compile("gcc", ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
  }

  @Test(.needs("g++")) func gccFindsNothingInCPlusPlus17() throws {
    try compile("g++", ["-x", "c++", "-std=c++17", "-Wall", "-Wextra", "-Werror"])
  }
}
