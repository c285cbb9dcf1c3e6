internal import ArgumentParser
internal import ConnectorModel

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay publish`: one job on a running host.
struct PublishCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publishes on a running host, now or at a time.",
    discussion: """
      The same --idempotency-key with the same payload is the same job, however often it is sent. With --wait
      the command ends when the job has.

      Exit codes: 0 accepted (with --wait: published), 1 refused or failed, 2 wrong usage, 3 nobody knows whether
      it took effect.
      """)

  @Argument(help: "The connection's id.") var connection: String
  @Option(name: .long, help: "A file with the payload as JSON, or - for standard input.")
  var input = "-"
  @Option(name: .long, help: UploadArguments.help) var upload: [String] = []
  @Option(name: .long, help: "Names this publish (default: a new one each time).")
  var idempotencyKey: String?
  @Option(name: .long, help: "When, such as 2027-01-31T09:00:00Z (default: at once).") var at: String?
  @Option(name: .long, help: "If the host is down at that time: publish, skip or ask.") var misfire: String?
  @Flag(name: .long, help: "Wait until the job has ended.") var wait = false
  @OptionGroup var client: ClientArguments

  func run() async throws {
    let uploads = try UploadArguments.files(upload)
    guard var payload = try? StableJSON.decode(JSONValue.self, from: try InputFile.read(input))
    else {
      throw CommandFailure(sentence: "the payload \(input) is not JSON", code: 2)
    }
    let client = try client.client()
    if !uploads.isEmpty {
      payload = UploadArguments.naming(try await client.upload(uploads), in: payload)
    }
    let key = idempotencyKey ?? UUID().uuidString.lowercased()
    if idempotencyKey == nil {
      Output.error("patchbay: if this is cut off, repeat it with --idempotency-key \(key)")
    }
    var body: [String: JSONValue] = [
      "connectionId": .string(connection), "payload": payload, "idempotencyKey": .string(key),
    ]
    if let at { body["scheduledFor"] = .string(at) }
    if let misfire { body["misfire"] = .string(misfire) }
    let receipt = try await client.send("POST", "/api/publish", .object(body))
    guard wait, let id = receipt["jobId"]?.text else {
      return try self.client.print(receipt) { answer in
        for line in answer.lines(["jobId", "state"]) { Output.line(line) }
      }
    }
    let job = try await JobWatch(client: client).end(of: id)
    try self.client.print(job) { JobsCommand.tell($0) }
    switch job["state"]?.text {
    case "published": return
    case "unknown": throw ExitCode(3)
    default: throw ExitCode(1)
    }
  }
}
