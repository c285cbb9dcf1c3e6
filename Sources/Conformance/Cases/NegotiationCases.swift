internal import Dispatch
internal import Manifest
internal import Ports
internal import Synchronization

/// Category C: entry and table, with hosts older and newer than today's.
enum NegotiationCases {
  static let all: [ConformanceCase] = [entry, table, older, newer, minors, extensions, pure, anyThread]

  static let entry = ConformanceCase(
    "C1", ["L-1", "L-8"], .bronze, "the entry returns a table, or says why not"
  ) { run throws(CaseStop) in
    let library = try run.open(try run.copy("library.so"))
    run.doing("entry", rule: "L-1")
    let (table, answer) = library.enter(hostMinor: 0)
    if answer.completes > 0 || answer.others > 0 {
      run.find("L-8", expected: "nothing but `fail`", happened: "the entry pushed something else")
    }
    if table == nil, answer.fails == 0 {
      run.find("L-1", expected: "a table, or a reason by `fail`", happened: "NULL without a reason")
    } else if table == nil {
      run.find(
        "E-2", expected: "a table for a host of minor 0",
        happened: "it refused: \(String(decoding: answer.bytes.prefix(160), as: UTF8.self))")
    }
  }

  static let table = ConformanceCase(
    "C2", ["M-6", "M-7", "M-5", "E-1", "M-3"], .bronze, "the table is whole, aligned and of this major"
  ) { run throws(CaseStop) in
    let facts = try run.table().facts
    run.doing("reading the table", rule: "M-6")
    guard facts.isAligned else {
      return run.find("M-6", expected: "a table at a multiple of 8", happened: "it is not aligned")
    }
    guard (120...65_536).contains(facts.structSize) else {
      return run.find(
        "M-6", expected: "a struct_size of 120 to 65536", happened: "\(facts.structSize)")
    }
    if facts.major != 1 { run.find("E-1", expected: "major 1", happened: "\(facts.major)") }
    if (facts.flags & ~0b11) >> 32 != 0 {
      run.find("M-5", expected: "no unknown flags above bit 31", happened: "the table has some")
    }
    for slot in facts.emptySlots {
      run.find("M-7", expected: "a function in every slot", happened: "`\(slot)` is NULL")
    }
    if facts.isWritable { run.note("the table lies in memory that can be written; C8 sees that nobody does") }
  }

  static let older = ConformanceCase(
    "C4", ["M-8", "M-6", "M-1"], .bronze,
    "structures of the oldest host end where memory ends, and are read no further"
  ) { run throws(CaseStop) in
    let library = try run.open(try run.copy("library.so"))
    run.doing("entry of the oldest host", rule: "M-6")
    guard let table = library.enter(hostMinor: 0).table, table.facts.isAligned,
      table.facts.structSize >= 120, table.facts.emptySlots.isEmpty
    else { throw .skip("there is no whole table; see C1 and C2") }
    run.doing("describe of the oldest host", rule: "M-6")
    _ = table.describe()
    run.doing("create of the oldest host", rule: "M-6")
    if let instance = table.create(run.configuration).instance { table.destroy(instance) }
    for text in ["", "{", "\"", "[1", "nul"] {
      run.doing("create with \(text.utf8.count) bytes that end where memory ends", rule: "M-6")
      if let instance = table.create(Array(text.utf8)).instance { table.destroy(instance) }
    }
  }

  static let anyThread = ConformanceCase(
    "C9", ["L-1"], .bronze, "entry and describe give the same answer on any thread, and on many at once"
  ) { run throws(CaseStop) in
    let library = try run.open(try run.copy("library.so"))
    run.doing("entry", rule: "L-1")
    guard let first = library.enter(hostMinor: 0).table, first.facts.emptySlots.isEmpty else {
      throw .skip("there is no whole table; see C1 and C2")
    }
    let described = first.describe()
    run.doing("entry and describe on other threads", rule: "L-1")
    let answers = Mutex<[BareLibrary.Answer?]>([])
    let done = DispatchSemaphore(value: 0)
    for number in 0..<4 {
      NamedThread.start("patchbay-any-\(number)") {
        GuardedMemory.watchThread()
        for _ in 0..<25 {
          let answer = library.enter(hostMinor: 0).table?.describe()
          answers.withLock { $0.append(answer) }
        }
        done.signal()
      }
    }
    for _ in 0..<4 { _ = done.wait(timeout: .now() + .seconds(15)) }
    let others = answers.withLock { $0 }.count { $0 != described }
    if others > 0 {
      run.find("L-1", expected: "the same answer on every thread", happened: "\(others) of 100 are others")
    }
  }

  static let newer = ConformanceCase(
    "C5", ["M-6", "E-2"], .bronze, growth: 64,
    "longer structures of a newer host are read as far as they are known"
  ) { run throws(CaseStop) in
    let library = try run.open(try run.copy("library.so"))
    run.doing("entry of a newer host", rule: "E-2")
    guard let table = library.enter(hostMinor: .max).table else {
      guard library.enter(hostMinor: 0).table != nil else {
        throw .skip("the entry refuses every host; see C1")
      }
      run.find("E-2", expected: "no refusal of a newer host", happened: "the entry returned NULL")
      throw .failed
    }
    guard table.facts.isAligned, table.facts.structSize >= 120, table.facts.emptySlots.isEmpty else {
      throw .skip("there is no whole table; see C2")
    }
    run.doing("describe of a newer host", rule: "E-2")
    let described = table.describe()
    if described.completes != 1 || described.status != 0 {
      run.find("E-2", expected: "a descriptor for a newer host", happened: "status \(described.status)")
    }
    run.doing("create of a newer host", rule: "E-2")
    if let instance = table.create(run.configuration).instance { table.destroy(instance) }
  }

  static let minors = ConformanceCase(
    "C6", ["E-2"], .bronze, "no minor of the host makes the entry refuse, and all get the same table"
  ) { run throws(CaseStop) in
    let library = try run.open(try run.copy("library.so"))
    let first = library.enter(hostMinor: 0).table
    guard let first else { throw .skip("the entry refused minor 0; see C1") }
    for minor: UInt16 in [1, 2, 3, 7, 255, 256, 4096, 32_767, 65_535] {
      run.doing("entry for minor \(minor)", rule: "E-2")
      let (table, _) = library.enter(hostMinor: minor)
      guard let table else {
        run.find("E-2", expected: "a table for minor \(minor)", happened: "it refused")
        return
      }
      if table.facts.minor > 0, table.facts.minor > Int(minor), table.isSame(as: first) == false {
        run.find("E-2", expected: "the lower of both minors", happened: "another table for minor \(minor)")
      }
    }
  }

  static let extensions = ConformanceCase(
    "C7", ["L-7"], .bronze, "extensions may be asked for from the entry on, and unknown ones are NULL"
  ) { run throws(CaseStop) in
    let table = try run.table()
    guard table.facts.emptySlots.isEmpty else { throw .skip("the table has empty slots; see C2") }
    for id in ["", "none", "org.example.unheard-of/1", String(repeating: "x", count: 5_000)] {
      run.doing("extension of \(id.utf8.count) bytes", rule: "L-7")
      if table.hasExtension(id) {
        run.find("L-7", expected: "NULL for an unknown extension", happened: "a table for \(id.prefix(40))")
      }
    }
  }

  static let pure = ConformanceCase(
    "C8", ["L-1", "M-3"], .bronze,
    "entry and describe give the same answer each time, and the table never changes"
  ) { run throws(CaseStop) in
    let library = try run.open(try run.copy("library.so"))
    run.doing("entry", rule: "L-1")
    guard let first = library.enter(hostMinor: 0).table, first.facts.emptySlots.isEmpty else {
      throw .skip("there is no whole table; see C1 and C2")
    }
    run.doing("describe", rule: "L-1")
    let digest = first.digest
    let described = first.describe()
    for time in 2...300 {
      guard let again = library.enter(hostMinor: 0).table else {
        return run.find("L-1", expected: "the same table each time", happened: "NULL the \(time)th time")
      }
      if again.digest != digest || first.digest != digest {
        return run.find("M-3", expected: "a table that never changes", happened: "it changed by call \(time)")
      }
      if again.describe() != described {
        return run.find("L-1", expected: "the same descriptor each time", happened: "another by call \(time)")
      }
    }
  }
}
