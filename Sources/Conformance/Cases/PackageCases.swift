internal import ConnectorModel
internal import JSONSchema
internal import Manifest
internal import PluginLoader

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Category A: manifest and file, before any code of the library runs.
enum PackageCases {
  static let all: [ConformanceCase] = [manifest, schemas, pin, image, exports, needed, imports, transcripts]

  static let manifest = ConformanceCase(
    "A1", [], .bronze, "the manifest has no error, so that the host reads it in one way only"
  ) { run throws(CaseStop) in
    run.doing("reading the manifest", rule: "manifest")
    for problem in run.subject.reading.problems where problem.severity == .error {
      run.find("manifest", expected: "a manifest without errors", happened: problem.description)
    }
  }

  static let schemas = ConformanceCase(
    "A10", [], .bronze, "schemas are ones the host can judge by, and transcripts keep to them"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    // What is wrong with them is told by the cases that run them.
    let transcripts = (try? Transcript.read(folder: run.subject.transcriptFolder)) ?? []
    for (name, action) in manifest.actions.sorted(by: { $0.key < $1.key }) {
      run.doing("schemas of \(name)", rule: "manifest")
      let input = Self.schema(action.input, run)
      let output = Self.schema(action.output, run)
      for transcript in transcripts where transcript.kind == .action && transcript.operation == name {
        let value = try? StableJSON.decode(JSONValue.self, from: transcript.input)
        for finding in value.flatMap({ input?.validate($0) }) ?? [] {
          run.find(
            "transcript", expected: "an input as \(name)'s schema says",
            happened: "\(transcript.name): \(finding.pointer) \(finding.message)")
        }
        for finding in transcript.end.result.flatMap({ output?.validate($0) }) ?? [] {
          run.find(
            "transcript", expected: "a result as \(name)'s schema says",
            happened: "\(transcript.name): \(finding.pointer) \(finding.message)")
        }
      }
    }
  }

  static func schema(_ path: String?, _ run: CaseRun) -> JSONSchema? {
    guard let path else { return nil }
    do {
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      return try JSONSchema(parsing: try StableJSON.decode(JSONValue.self, from: bytes))
    } catch {
      run.find("manifest", expected: "a schema that can be judged by", happened: "\(path): \(error)")
      return nil
    }
  }

  static let pin = ConformanceCase(
    "A3", [], .bronze, "the library is the one that the manifest pins"
  ) { run throws(CaseStop) in
    run.doing("hashing the library", rule: "manifest")
    let library = try run.library()
    guard let pinned = library.sha256 else { throw .skip("`library` pins no sha256") }
    let actual = (try? SHA256Digest(of: library.bytes).hex) ?? ""
    if pinned.lowercased() != actual {
      run.find("manifest", expected: "sha256 \(pinned)", happened: actual)
    }
  }

  static let image = ConformanceCase(
    "A4", ["O-3"], .bronze, "the file is a library for this machine, whole and readable without running it"
  ) { run throws(CaseStop) in
    let library = try run.library()
    run.doing("reading the file as ELF", rule: "O-3")
    do throws(ELFProblem) {
      let image = try ELFImage(parsing: library.bytes)
      let machine = HostFacts.ofThisProcess().machine
      if image.machine != machine {
        run.find(
          "O-3", expected: "a library for \(ELFImage.machineName(machine))",
          happened: ELFImage.machineName(image.machine))
      }
      if image.runpath != nil {
        run.warn("O-3", expected: "no search path of its own", happened: "it has a RUNPATH")
      }
    } catch {
      run.find("O-3", expected: "an ELF shared library", happened: "\(error)")
    }
  }

  static let exports = ConformanceCase(
    "A5", ["O-5"], .bronze, "it exports its entry and nothing that could get in another library's way"
  ) { run throws(CaseStop) in
    let image = try run.image()
    run.doing("reading its symbols", rule: "O-5")
    let entry = "patchbay_connector_entry_v1"
    if !image.symbols.contains(where: { $0.name == entry && $0.isDefined && $0.isFunction }) {
      run.find("O-5", expected: "the function \(entry)", happened: "it is not exported")
    }
    let linker: Set = ["_edata", "_end", "__bss_start", "_init", "_fini", entry]
    let others = image.exports.filter { !linker.contains($0) }
    if let first = others.first {
      run.warn("O-5", expected: "no other export", happened: "\(others.count) more, such as \(first)")
    }
  }

  static let needed = ConformanceCase(
    "A6", ["O-3"], .bronze,
    "it needs only libraries that every host has, or exactly this host's Swift runtime"
  ) { run throws(CaseStop) in
    let library = try run.library()
    _ = try run.image()
    run.doing("reading what it needs", rule: "O-3")
    do throws(PluginError) {
      _ = try LibraryCheck(host: .ofThisProcess()).check(library.bytes, path: library.path)
    } catch {
      if case .entryMissing = error { return }
      run.find("O-3", expected: "no other needs", happened: error.description)
    }
  }

  /// Functions that no connector has a use for, by their names.
  private static let suspicious: Set<String> = [
    "socket", "connect", "bind", "listen", "accept", "fork", "vfork", "execve", "execv", "execvp", "system",
    "popen",
    "posix_spawn", "pthread_create", "dlopen", "setenv", "putenv", "unsetenv", "exit", "_exit", "quick_exit",
    "atexit",
    "signal", "sigaction", "raise", "kill", "chdir", "setlocale", "open", "open64", "fopen", "fopen64",
    "creat", "sleep",
    "on_exit", "__register_atfork", "pthread_atfork", "__cxa_at_quick_exit", "at_quick_exit", "posix_spawnp",
    "execvpe", "clone", "usleep", "nanosleep", "getaddrinfo", "printf", "puts", "putchar", "setitimer",
    "timer_create",
    "thrd_create",
  ]

  static let imports = ConformanceCase(
    "A9", ["T-3"], .bronze, strength: .should,
    "it imports nothing that threads, sockets, processes or files are made with"
  ) { run throws(CaseStop) in
    let image = try run.image()
    run.doing("reading its imports", rule: "T-3")
    let found = image.symbols.filter { !$0.isDefined && Self.suspicious.contains($0.name) }.map(\.name)
      .sorted()
    if !found.isEmpty {
      run.warn("T-3", expected: "no such import", happened: found.joined(separator: ", "))
    }
  }

  static let transcripts = ConformanceCase(
    "A15", [], .silver, strength: .should, "every action has a transcript, so that its steps can be tested"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    run.doing("reading transcripts", rule: "transcript")
    do throws(TranscriptFault) {
      let read = try Transcript.read(folder: run.subject.transcriptFolder)
      let known = Set(read.filter { $0.kind == .action }.map(\.operation))
      for name in manifest.actions.keys.sorted() where !known.contains(name) {
        run.find("transcript", expected: "a transcript of \(name)", happened: "there is none")
      }
    } catch {
      run.find("transcript", expected: "transcripts as docs/conformance.md says", happened: error.what)
    }
  }
}

extension CaseRun {
  func manifest() throws(CaseStop) -> Manifest {
    guard let manifest = subject.manifest else { throw .skip("the manifest cannot be used; see A1") }
    return manifest
  }

  /// The library's file.
  func library() throws(CaseStop) -> LibraryResolver.Found {
    _ = try manifest()
    do throws(PluginError) {
      return try subject.library()
    } catch {
      find("manifest", expected: "the library that the manifest names", happened: error.description)
      throw .failed
    }
  }

  func image() throws(CaseStop) -> ELFImage {
    let library = try library()
    do throws(ELFProblem) {
      return try ELFImage(parsing: library.bytes)
    } catch {
      throw .skip("the file is no library; see A4")
    }
  }
}
