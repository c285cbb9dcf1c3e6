internal import Manifest
internal import PluginLoader

/// Category A, of the file itself: where it loads, and how hard it is to misuse.
enum HardeningCases {
  static let all: [ConformanceCase] = [hardened, ceiling, initialisers, secrets]

  static let hardened = ConformanceCase(
    "A16", [], .bronze,
    "its code is not changed by the loader, no stack is executable, and its tables are closed"
  ) { run throws(CaseStop) in
    let image = try run.image()
    run.doing("reading its program headers", rule: "library")
    if image.relocatesText {
      run.find("library", expected: "code that no relocation changes", happened: "it has TEXTREL")
    }
    if image.hasExecutableStack {
      run.find("library", expected: "a stack without code", happened: "it asks for an executable stack")
    }
    if !image.hasRELRO { run.warn("library", expected: "a RELRO segment", happened: "it has none") }
    if !image.bindsNow {
      run.warn("library", expected: "linked with -z now", happened: "its symbols could be bound late")
    }
  }

  /// Of Debian 12, the oldest system that a host is supported on.
  private static let oldestLibc = (major: 2, minor: 36)

  static let ceiling = ConformanceCase(
    "A7", ["O-3"], .bronze, "it needs no newer C library than the oldest supported system has"
  ) { run throws(CaseStop) in
    let image = try run.image()
    run.doing("reading the versions of the symbols that it needs", rule: "O-3")
    var newest = (major: 0, minor: 0)
    for version in image.neededVersions where version.hasPrefix("GLIBC_") {
      let numbers = version.dropFirst(6).split(separator: ".").map { Int($0) ?? .max }
      let found = (major: numbers.first ?? .max, minor: numbers.dropFirst().first ?? 0)
      if found > newest { newest = found }
    }
    if newest > oldestLibc {
      run.find(
        "O-3", expected: "at most GLIBC_\(oldestLibc.major).\(oldestLibc.minor)",
        happened: "GLIBC_\(newest.major).\(newest.minor)")
    }
    run.note("GLIBC_\(newest.major).\(newest.minor)")
  }

  static let initialisers = ConformanceCase(
    "A8", ["L-1"], .bronze, strength: .should, "nothing of it runs before its entry is called"
  ) { run throws(CaseStop) in
    let image = try run.image()
    run.doing("reading its initialisers", rule: "L-1")
    // One is the C toolchain's; a Swift toolchain adds one that registers the image, and a runtime inside has more.
    let bytes = try run.library().bytes
    let isSwift = ByteSearch.contains("swift5_protocols", in: bytes)
    let sharesRuntime = image.needed.contains("libswiftCore.so")
    let usual = sharesRuntime ? 2 : isSwift ? 64 : 1
    if image.initialisers > usual {
      run.find(
        "L-1", expected: "at most \(usual), the toolchain's own",
        happened: "\(image.initialisers) functions run when it is loaded")
    }
  }

  static let secrets = ConformanceCase(
    "A14", [], .bronze, "no credential stands in the manifest, in transcripts, or in the library"
  ) { run throws(CaseStop) in
    run.doing("looking for credentials", rule: "secret")
    for (name, bytes) in run.subject.ownFiles {
      for shape in CredentialShape.allCases where shape.isFound(in: bytes) {
        run.find("secret", expected: "no credential in \(name)", happened: "there is \(shape.words)")
      }
    }
    let library = try run.library().bytes
    for shape in CredentialShape.allCases where shape.isFound(in: library) {
      run.find("secret", expected: "no credential in the library", happened: "there is \(shape.words)")
    }
  }
}
