internal import ConnectorModel
package import Manifest
package import Ports

/// An order and a platform out of a transcript, so that any host can run an operation without a network.
///
/// The clock jumps: what waits is woken at once, and so much time has passed.
package struct Rehearsal: Sendable {
  package let action: String
  /// JSON.
  package let input: [UInt8]
  package let idempotencyKey: String
  package let mustReconcile: Bool
  /// Values for `{name}` in endpoint bases.
  package let variables: [String: String]
  package let clock: any HostClock
  package var transport: any Transport { platform }
  private let platform: ScriptedPlatform

  /// - Throws: `RehearsalError` when the file is no transcript of an action.
  package init(transcript path: String, of manifest: Manifest) throws(RehearsalError) {
    let transcript: Transcript
    do throws(TranscriptFault) {
      transcript = try Transcript.read(file: path)
    } catch {
      throw RehearsalError(description: "the transcript \(path): \(error.what)")
    }
    guard transcript.kind == .action else {
      throw RehearsalError(description: "the transcript \(path) is about no action; name one that is")
    }
    action = transcript.operation
    input = transcript.input
    idempotencyKey = transcript.idempotencyKey
    mustReconcile = transcript.mustReconcile
    variables = transcript.variables
    clock = JumpingClock(unixNanoseconds: transcript.now, longest: manifest.limits.operation.deadline)
    platform = ScriptedPlatform(transcript, manifest)
  }

  /// What was asked otherwise than the transcript says, a sentence each.
  package var complaints: [String] {
    platform.unexpected.map { "the transcript has no answer to \($0)" }
      + platform.unused.map { "nobody asked for \($0.method) \($0.url)" }
  }
}

/// Why there is nothing to rehearse.
package struct RehearsalError: Error, CustomStringConvertible { package let description: String }
