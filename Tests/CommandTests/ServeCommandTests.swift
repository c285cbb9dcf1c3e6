import Foundation
import TestTools
import Testing

@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct ServeCommandTests {
  private func hostFile(_ program: Program) -> URL { program.state.appending(path: "host.json") }

  @Test(.enabled(if: Tool(named: "curl") != nil || requiresAll, "curl is missing"))
  func firstStartTellsAKeyOnceAndAnswersOverTLS() throws {
    let program = try Program()
    defer { program.remove() }
    let host = try ServedHost.start(program, [])
    #expect(host.url.hasPrefix("https://localhost:"))
    #expect(host.key.hasPrefix("pb_"))
    let authority = try #require(host.ready["ca"])
    #expect(try ServedHost.curl("--cacert", authority, host.url + "/ping").printed == #"{"isAlive":true}"#)
    let secured = try ServedHost.curl(
      "--cacert", authority, "-H", "Authorization: Bearer \(host.key)", host.url + "/api/connectors")
    #expect(secured.printed.contains("mailchimp"))
    // curl's 60: nobody vouches for the certificate.
    #expect(try ServedHost.curl(host.url + "/ping").code == 60)

    let told = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: hostFile(program))) as? [String: Any])
    #expect(told["url"] as? String == host.url)
    #expect(told["ca"] as? String == authority)
    #expect(told["pid"] as? Int == Int(host.process.processIdentifier))
    #expect(try host.run("connections", "list").status == 0)
    for name in ["patchbay.sqlite", "master.key"] {
      let path = program.state.appending(path: name).path
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
    #expect(host.terminate() == 0)
    #expect(!FileManager.default.fileExists(atPath: hostFile(program).path))

    let again = try ServedHost.start(program, [], key: host.key)
    #expect(again.ready["key"] == nil)
    #expect(again.ready["ca"] == authority)
    #expect(try again.run("connections", "list").status == 0)
    #expect(again.terminate() == 0)
  }

  @Test(.enabled(if: Tool(named: "curl") != nil || requiresAll, "curl is missing"))
  func anotherAuthorityIsNoWitness() throws {
    let (program, other) = (try Program(), try Program())
    defer { program.remove() }
    defer { other.remove() }
    let (host, stranger) = (try ServedHost.start(program, []), try ServedHost.start(other, []))
    let wrong = try #require(stranger.ready["ca"])
    #expect(try ServedHost.curl("--cacert", wrong, host.url + "/ping").code == 60)
    let command = try program.run(
      ["connections", "list", "--url", host.url, "--ca", wrong], environment: host.environment)
    #expect(command.status == 1)
    #expect(command.sentences.count == 1)
    #expect(host.terminate() == 0)
    #expect(stranger.terminate() == 0)
  }

  @Test func plainHTTPBeyondLoopbackIsRefused() throws {
    let program = try Program()
    defer { program.remove() }
    let result = try program.run("serve", "--http", "--listen", "0.0.0.0", "--port", "0")
    #expect(result.status == 1)
    #expect(result.sentences.count == 1, "\(result.sentences)")
    #expect(result.errors.contains("plain HTTP is for this machine alone"))
    #expect(result.output.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: hostFile(program).path))
  }

  /// The key of a first start that never answered was lost: it was made before anybody could be told.
  @Test func portInUseIsOneSentenceAndTheKeyComesWithTheStartThatWorks() throws {
    let (program, other) = (try Program(), try Program())
    defer { program.remove() }
    defer { other.remove() }
    let holder = try ServedHost.start(other)
    let port = try #require(URL(string: holder.url)?.port)
    let result = try program.run("serve", "--http", "--port", "\(port)")
    #expect(result.status == 1)
    #expect(result.sentences.count == 1, "\(result.sentences)")
    #expect(result.errors.contains("port \(port): another program listens there already"))
    #expect(result.output.isEmpty)
    let host = try ServedHost.start(program)
    #expect(host.ready["key"] != nil)
    #expect(host.terminate() == 0)
    #expect(holder.terminate() == 0)
  }

  @Test func secondHostNamesTheFirstAndLeavesItAlone() throws {
    let program = try Program()
    defer { program.remove() }
    let host = try ServedHost.start(program)
    let second = try program.run("serve", "--http", "--port", "0")
    #expect(second.status == 1)
    #expect(second.sentences.count == 1)
    #expect(second.errors.contains("process id \(host.process.processIdentifier);"))
    #expect(FileManager.default.fileExists(atPath: hostFile(program).path))
    #expect(try host.run("connections", "list").status == 0)
    #expect(host.terminate() == 0)
  }

  @Test func hangUpRereadsTheManifests() throws {
    let program = try Program()
    defer { program.remove() }
    let manifests = program.state.appending(path: "manifests")
    try FileManager.default.copyItem(at: Program.checkout.appending(path: "manifests"), to: manifests)
    let host = try ServedHost.start(program, manifests: manifests.path)
    try host.untilLog(tells: "connector.loaded")
    let file = manifests.appending(path: "mailchimp.yaml")
    let good = try String(contentsOf: file, encoding: .utf8)
    try Data(good.replacing("manifest: 1", with: "manifest: one").utf8).write(to: file)
    kill(host.process.processIdentifier, SIGHUP)
    try host.untilLog(tells: "connector.refused")
    _ = try host.connect()
    try Data(good.replacing("{subject: 150}", with: "{subject: 140}").utf8).write(to: file)
    kill(host.process.processIdentifier, SIGHUP)
    try host.untilLog(tells: "connector.loaded")
    _ = try host.connect()
    #expect(host.terminate() == 0)
  }

  /// The handlers stand before the ready line does: these signals came into the gap and ended the host at once.
  @Test(arguments: [SIGHUP, SIGTERM])
  func signalRightAfterTheReadyLineFindsAHostInOrder(signal: Int32) throws {
    let program = try Program()
    defer { program.remove() }
    let host = try ServedHost.start(program)
    kill(host.process.processIdentifier, signal)
    if signal == SIGHUP {
      #expect(try host.run("connections", "list").status == 0)
      #expect(host.terminate() == 0)
    }
    host.process.waitUntilExit()
    #expect(host.process.terminationReason == .exit)
    #expect(host.process.terminationStatus == 0)
    #expect(!FileManager.default.fileExists(atPath: hostFile(program).path))
  }

  @Test(.enabled(if: Tool(named: "curl") != nil || requiresAll, "curl is missing"))
  func certificateOfOnesOwnIsTaken() throws {
    let (program, other) = (try Program(), try Program())
    defer { program.remove() }
    defer { other.remove() }
    let maker = try ServedHost.start(other, [])
    let authority = try #require(maker.ready["ca"])
    #expect(maker.terminate() == 0)
    let tls = other.state.appending(path: "tls")
    let files = try FileManager.default.contentsOfDirectory(atPath: tls.path)
    let key = try #require(files.first { $0.hasSuffix("key.pem") && !$0.contains("ca") })
    let leaf = try #require(files.first { $0.hasSuffix(".pem") && !$0.contains("key") && !$0.contains("ca") })
    let pair = [
      "--certificate", tls.appending(path: leaf).path, "--private-key", tls.appending(path: key).path,
    ]
    let host = try ServedHost.start(program, pair)
    #expect(host.ready["ca"] == nil)
    let port = try #require(URL(string: host.url)?.port)
    let ping = try ServedHost.curl("--cacert", authority, "https://localhost:\(port)/ping")
    #expect(ping.printed == #"{"isAlive":true}"#)
    #expect(host.terminate() == 0)
    let wrong = try program.run(
      "serve", "--port", "0", "--certificate", authority, "--private-key", tls.appending(path: key).path)
    #expect(wrong.status == 1)
    #expect(wrong.sentences.count == 1, "\(wrong.sentences)")
    #expect(try program.run("serve", "--certificate", authority).status == 2)
  }

  @Test func lostOrWrongMasterKeyIsOneSentence() throws {
    let program = try Program()
    defer { program.remove() }
    let host = try ServedHost.start(program)
    _ = try host.connect()
    #expect(host.terminate() == 0)
    let file = program.state.appending(path: "master.key")
    let other = "patchbay-master-v1:" + Data(repeating: 7, count: 32).base64EncodedString()
    let wrong = try program.run("serve", "--http", "--port", "0", environment: ["PATCHBAY_MASTER_KEY": other])
    try FileManager.default.removeItem(at: file)
    let lost = try program.run("serve", "--http", "--port", "0")
    for result in [wrong, lost] {
      #expect(result.status == 1)
      #expect(result.sentences.count == 1, "\(result.sentences)")
      #expect(!result.errors.contains(other))
    }
    #expect(lost.errors.contains(file.path))
    #expect(wrong.errors.contains("PATCHBAY_MASTER_KEY"))
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test func damagedStoreIsOneSentence() throws {
    let program = try Program()
    defer { program.remove() }
    let store = program.state.appending(path: "patchbay.sqlite")
    try Data(repeating: 0x5A, count: 8192).write(to: store)
    let result = try program.run("serve", "--http", "--port", "0")
    #expect(result.status == 1)
    #expect(result.sentences.count == 1, "\(result.sentences)")
    #expect(result.errors.contains("\(store.path) is damaged or no database"))
    // It is what somebody may still want to look at.
    #expect(try Data(contentsOf: store) == Data(repeating: 0x5A, count: 8192))
  }

  private static let canMount =
    getuid() == 0 && Tool(named: "unshare")?.run(["-m", "true"], output: "/dev/null").code == 0

  /// On a file system of its own that only the child sees.
  @Test(
    .enabled(if: canMount, "only root may mount a full disk"),
    arguments: [
      ("mount -t tmpfs -o size=16k none", "There is no space"),
      ("mount -t tmpfs -o size=96k none", "There is no space"),
      ("mount -t tmpfs -o ro none", "Read-only file system"),
    ])
  func diskThatTakesNothingIsOneSentence(mount: String, sentence: String) throws {
    let program = try Program()
    defer { program.remove() }
    let tool = try #require(Tool(named: "unshare"))
    let scratch = ScratchDirectory()
    let patchbay = Program.products.appending(path: "patchbay").path
    let (code, printed) = tool.run(
      [
        "-m", "sh", "-c", "\(mount) \"$0\" && exec \"$1\" serve \"$2\" --http --port 0 --state \"$0\"",
        program.state.path, patchbay, Program.checkout.appending(path: "manifests").path,
      ], output: scratch.file("output"))
    #expect(code == 1)
    let told = printed.split(separator: "\n").filter { !$0.hasPrefix("{") }
    #expect(told.count == 1, "\(printed)")
    #expect(printed.contains(sentence), "\(printed)")
    #expect(printed.contains(program.state.path))
  }
}
