internal import ArgumentParser
internal import Conformance
internal import ConnectorModel
internal import PluginLoader

#if canImport(Glibc)
  internal import Glibc
#endif
#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay verify attest`: the keys and the checking of signed reports.
struct VerifyAttestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Makes keys for attestations, and checks attestations.",
    discussion:
      "`patchbay verify MANIFEST --attest KEY` makes one; `patchbay serve --require-attestation` asks for it.",
    subcommands: [Keygen.self, Verify.self])

  struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes an Ed25519 key pair: NAME.pem, which only you can read, and NAME.pub.pem.")
    @Option(name: .long, help: "Path and name of the pair, without an ending.") var output: String

    func run() throws {
      guard let key = Ed25519PrivateKey.generate(), let secret = key.pem, let open = key.publicKey,
        let pem = open.pem
      else { throw CommandFailure(sentence: "this machine's OpenSSL makes no Ed25519 keys") }
      try KeyFile.write(secret, to: "\(output).pem", mode: 0o600)
      try KeyFile.write(pem, to: "\(output).pub.pem", mode: 0o644)
      Output.line("key \(open.id): \(output).pem to sign with, \(output).pub.pem to trust")
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks an attestation's signature and tells what it says.",
      discussion: "Exit codes: 0 good, 1 not good, 2 wrong usage.")
    @Argument(help: "The attestation.") var file: String
    @Option(name: .long, help: "The public key that is trusted, or a directory of *.pub.pem.") var key: String
    @Option(name: .long, help: "human or json.") var format = OutputFormat.human

    func run() throws {
      let policy: AttestationPolicy
      do throws(AttestationFault) {
        policy = try AttestationPolicy(path: key, level: .bronze)
      } catch {
        throw CommandFailure(sentence: error.description, code: 2)
      }
      let bytes = try InputFile.read(file)
      do throws(AttestationFault) {
        let attestation = try Attestation(parsing: bytes)
        let signer = try attestation.signer(among: policy.keys)
        print(attestation.statement, signer)
      } catch {
        throw CommandFailure(sentence: "\(file): \(error.description)")
      }
    }

    private func print(_ statement: JSONValue, _ signer: Ed25519PublicKey) {
      switch format {
      case .json:
        Output.text(String(decoding: (try? StableJSON.encode(statement)) ?? [], as: UTF8.self) + "\n")
      case .human:
        func word(_ name: String) -> String { statement[name]?.text ?? "-" }
        Output.line(
          "\(word("connector")) \(word("version")): \(word("level")), signed with the key \(signer.id)")
        Output.line("  library   sha256 \(word("librarySHA256"))")
        Output.line("  manifest  sha256 \(word("manifestSHA256"))")
        Output.line(
          "  ABI \(word("abi")), runner \(word("runner")), \(statement["results"]?.elements?.count ?? 0) cases"
        )
      }
    }
  }
}

/// Keys as files.
enum KeyFile {
  /// Calls `open(O_EXCL)`: a key that is there is never written over.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(CommandFailure) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw CommandFailure(sentence: "\(path) cannot be made: \(reason); choose another name")
    }
    defer { close(file) }
    // Whatever the umask is.
    guard fchmod(file, mode) == 0, unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw CommandFailure(sentence: "\(path) cannot be written; make room there")
    }
  }

  /// The private key to sign with.
  static func read(_ path: String) throws(CommandFailure) -> Ed25519PrivateKey {
    guard let key = Ed25519PrivateKey(pem: try InputFile.read(path)) else {
      throw CommandFailure(
        sentence: "\(path) holds no Ed25519 private key as PEM, or one behind a passphrase; "
          + "`patchbay verify attest keygen` makes one", code: 2)
    }
    return key
  }
}
