internal import ConnectorModel
internal import Manifest
package import Operations
package import Ports

/// One operation on one connector, asked for by a person.
package struct Call: Sendable {
  package var connector: String
  package var action: String
  /// JSON.
  package var input: [UInt8]
  /// Made by ``Host/connect(_:to:)``.
  package var connection: Connection
  /// All chance of the operation comes from here.
  package var seed: UInt64
  package var idempotencyKey: String
  /// An earlier call with the same idempotency key may have taken effect.
  package var mustReconcile: Bool
  /// The caller agrees to an action that destroys.
  package var mayDestroy: Bool
  /// Files by the names under which the input calls them uploads.
  package var uploads: [String: String]
  package var observe: @Sendable (OperationStep) -> Void

  package init(
    connector: String, action: String, input: [UInt8], connection: Connection, seed: UInt64,
    idempotencyKey: String = "", mustReconcile: Bool = false, mayDestroy: Bool = false,
    uploads: [String: String] = [:], observe: @escaping @Sendable (OperationStep) -> Void = { _ in }
  ) {
    self.connector = connector
    self.action = action
    self.input = input
    self.connection = connection
    self.seed = seed
    self.idempotencyKey = idempotencyKey
    self.mustReconcile = mustReconcile
    self.mayDestroy = mayDestroy
    self.uploads = uploads
    self.observe = observe
  }
}

extension Host {
  /// Runs a call to its end: find, check, drive, report; a cancelled task stops the operation and still reports.
  ///
  /// - Throws: `RuntimeError` when the call itself is wrong, before the connector saw it.
  package func run(_ call: Call) async throws -> CallReport {
    let connector = try connector(call.connector)
    let action = try declaration(of: call.action, in: connector.manifest)
    if action.effect == .destructive && !call.mayDestroy {
      throw RuntimeError("action \(call.action) destroys what it touches; say --yes if that is wanted")
    }
    if let refusal = connector.schemas.refusal(of: call.input, for: call.action) {
      return CallReport(OperationReport(outcome: .failed(refusal)), duration: .zero)
    }

    let media = CallMedia(directory: blobs, fetcher: fetcher, files: call.uploads)
    let taken: MediaIntake.Taken
    do throws(OperationError) {
      taken = try await MediaIntake(rules: action.media).take(call.input, from: media)
    } catch {
      return CallReport(OperationReport(outcome: .failed(error)), duration: .zero)
    }
    let request = OperationRequest(
      name: call.action, input: .json(taken.input), connection: call.connection, seed: call.seed,
      attempt: call.mustReconcile ? 2 : 1, idempotencyKey: call.idempotencyKey,
      mustReconcile: call.mustReconcile, blobs: OperationBlobs(taken.blobs, keeper: media),
      observe: call.observe)

    let started = ContinuousClock.now
    let report = await driver.run(request, on: connector.hosted)
    let told = CallReport(report, duration: ContinuousClock.now - started)
    if let result = told.result, let complaint = connector.schemas.complaint(about: result, of: call.action) {
      call.observe(
        .log(ConnectorLogLine(.warning, "the result is not as the manifest promises: \(complaint)")))
    }
    return told
  }

  private func declaration(of action: String, in manifest: Manifest) throws(RuntimeError)
    -> Manifest.ActionDeclaration
  {
    if let declaration = manifest.actions[action] { return declaration }
    throw RuntimeError(
      "connector \(manifest.id) has no action \(action); it has \(manifest.actions.keys.sorted().joined(separator: ", "))"
    )
  }
}
