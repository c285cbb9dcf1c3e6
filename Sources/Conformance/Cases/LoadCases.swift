internal import Glibc
internal import Manifest
internal import PluginLoader
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Category B: what loading does to a process.
enum LoadCases {
  static let all: [ConformanceCase] = [plain, quick, elsewhere, twice, exit]
  /// Asked once it is known that it loads at all.
  static let ofNeighbours: [ConformanceCase] = [beside]

  static let plain = ConformanceCase(
    "B1", ["L-1", "T-3"], .bronze, "loading and starting changes nothing in the process"
  ) { run throws(CaseStop) in
    let library = try run.copy("library.so")
    let before = ProcessState.now()
    run.doing("dlopen", rule: "L-1")
    let opened = try run.open(library)
    run.doing("entry", rule: "L-1")
    let table = opened.enter(hostMinor: 0).table
    if let table, table.facts.isAligned, table.facts.emptySlots.isEmpty, table.facts.structSize >= 120 {
      run.doing("describe", rule: "L-1")
      _ = table.describe()
      run.doing("create and destroy", rule: "L-2")
      if let instance = table.create(run.configuration).instance { table.destroy(instance) }
    }
    for difference in ProcessState.now().differences(since: before) {
      run.find("T-3", expected: "the process as it was", happened: difference)
    }
  }

  static let quick = ConformanceCase(
    "B2", ["L-1"], .bronze, strength: .performance,
    "it loads within 100 ms of CPU time and takes less than 32 MiB"
  ) { run throws(CaseStop) in
    let library = try run.copy("library.so")
    let memory = GuardedMemory.allocatedBytes
    let started = ThreadCPU.nanoseconds
    run.doing("dlopen", rule: "L-1")
    _ = try run.open(library).enter(hostMinor: 0)
    let took = Int(ThreadCPU.nanoseconds - started) / 1_000_000
    let grown = Int(GuardedMemory.allocatedBytes) - Int(memory)
    if took > 100 { run.warn("L-1", expected: "100 ms", happened: "\(took) ms") }
    if grown > 32 << 20 { run.warn("L-1", expected: "32 MiB", happened: "\(grown >> 20) MiB") }
    run.note("\(took) ms, \(grown >> 10) KiB")
  }

  static let elsewhere = ConformanceCase(
    "B4", ["O-3"], .bronze, "it loads from a path with spaces and letters of any language"
  ) { run throws(CaseStop) in
    let library = try run.copy("ein Pfad, größer als ☃.so")
    // From anywhere: nothing may depend on where the host was started.
    guard FileManager.default.changeCurrentDirectoryPath("/") else { throw .skip("/ cannot be entered") }
    run.doing("dlopen", rule: "L-1")
    let opened = try run.open(library)
    run.doing("entry", rule: "L-1")
    if opened.enter(hostMinor: 0).table == nil {
      run.find("O-3", expected: "a table wherever it lies", happened: "the entry refused")
    }
  }

  static let twice = ConformanceCase(
    "B5", ["L-6"], .bronze, "two copies in one process do not get in each other's way"
  ) { run throws(CaseStop) in
    run.doing("dlopen of two copies", rule: "L-1")
    let first = try run.open(try run.copy("one.so"))
    let second = try run.open(try run.copy("two.so"))
    run.doing("entry of two copies", rule: "L-1")
    let answers = [first, second].map { $0.enter(hostMinor: 0).table?.describe().bytes }
    if Set(answers).count != 1 {
      run.find("L-6", expected: "equal descriptors of equal copies", happened: "they differ")
    }
  }

  static let beside = ConformanceCase(
    "B6", ["L-6"], .bronze, seconds: 40, "it loads beside every other connector of its folder, in any order"
  ) { run throws(CaseStop) in
    let alone = try run.open(try run.copy("alone.so")).enter(hostMinor: 0).table?.describe().bytes
    guard let alone else { throw .skip("the entry refused; see C1") }
    var others = run.subject.neighbours.compactMap { manifest -> [UInt8]? in
      var attempts: [LoadReport.Attempt] = []
      let resolver = LibraryResolver(
        searchPath: run.subject.plugins, platform: HostFacts.ofThisProcess().platform)
      return try? resolver.resolve(manifest.library, attempts: &attempts).bytes
    }
    guard !others.isEmpty else { throw .skip("there is no other connector beside it") }
    for (order, reversed) in [false, true].enumerated() {
      if reversed { others.reverse() }
      run.doing("loading \(others.count) others, order \(order + 1)", rule: "L-6")
      for (number, bytes) in others.enumerated() {
        let path = "\(run.scratch)/other-\(order)-\(number).so"
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { continue }
        // Its own faults are its own runs' affair.
        _ = BareLibrary.open(path).library?.enter(hostMinor: 0).table?.describe()
      }
      let table = try run.open(try run.copy("beside-\(order).so")).enter(hostMinor: 0).table
      run.doing("describe beside \(others.count) others, order \(order + 1)", rule: "L-6")
      if table?.describe().bytes != alone {
        run.find("L-6", expected: "the descriptor that it has alone", happened: "another beside others")
      }
    }
    run.note("\(others.count) others")
  }

  static let exit = ConformanceCase(
    "B8", ["T-3"], .bronze, "a process that has it loaded ends without trouble"
  ) { run throws(CaseStop) in
    let library = try run.copy("library.so")
    run.doing("dlopen", rule: "L-1")
    _ = try run.open(library).enter(hostMinor: 0)
    run.doing("the end of the process", rule: "T-3")
  }
}

extension CaseRun {
  /// A copy of the library under another name.
  func copy(_ name: String) throws(CaseStop) -> String {
    let library = try library()
    let path = "\(scratch)/\(name)"
    guard FileManager.default.createFile(atPath: path, contents: Data(library.bytes)) else {
      throw .skip("the scratch directory cannot be written")
    }
    return path
  }

  /// The library, opened.
  func open(_ path: String) throws(CaseStop) -> BareLibrary {
    let image = try image()
    guard image.exports.contains("patchbay_connector_entry_v1") else {
      throw .skip("it has no entry; see A5")
    }
    let (library, reason) = BareLibrary.open(path)
    guard let library else {
      find("O-3", expected: "a library that can be loaded", happened: reason)
      throw .failed
    }
    return library
  }

  /// The table of the library, entered as today's host does.
  func table() throws(CaseStop) -> BareTable {
    let library = try open(try copy("library.so"))
    doing("entry", rule: "L-1")
    guard let table = library.enter(hostMinor: 0).table else { throw .skip("the entry refused; see C1") }
    return table
  }
}

/// What a library must leave alone in a process.
struct ProcessState: Sendable, Equatable {
  private var descriptors: Set<String>
  private var threads: Int
  private var environment: [String: String]
  private var directory: String
  private var locale: String
  private var mask: mode_t
  private var actions: [String]

  static func now() -> ProcessState {
    let mask = umask(0)
    _ = umask(mask)
    return ProcessState(
      descriptors: Set((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []),
      threads: ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []).count,
      environment: ProcessInfo.processInfo.environment, directory: FileManager.default.currentDirectoryPath,
      locale: unsafe setlocale(LC_ALL, nil).map { unsafe String(cString: $0) } ?? "", mask: mask,
      actions: (1...31).map(Self.action))
  }

  /// The signals that it changes are told by number.
  private static func action(_ number: Int32) -> String {
    guard number != SIGKILL, number != SIGSTOP else { return "" }
    var found = Glibc.sigaction()
    guard unsafe sigaction(number, nil, &found) == 0 else { return "" }
    return unsafe "\(UInt(bitPattern: unsafeBitCast(found.__sigaction_handler.sa_handler, to: Int.self)))"
  }

  /// What is another way than it was, in words.
  func differences(since before: ProcessState) -> [String] {
    var found: [String] = []
    if descriptors.count > before.descriptors.count { found.append("it left a descriptor open") }
    if threads > before.threads { found.append("it started \(threads - before.threads) threads") }
    if environment != before.environment { found.append("it changed the environment") }
    if directory != before.directory { found.append("it changed the working directory") }
    if locale != before.locale { found.append("it changed the locale") }
    if mask != before.mask { found.append("it changed the umask") }
    for number in actions.indices where actions[number] != before.actions[number] {
      found.append("it changed what signal \(number + 1) does")
    }
    return found
  }
}
