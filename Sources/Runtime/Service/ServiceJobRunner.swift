internal import ConnectorModel
internal import Egress
internal import Jobs
internal import Manifest
internal import Operations
internal import Ports
internal import Telemetry
internal import Vault

/// Runs jobs' attempts as operations: finds connection and connector, reads the journal, drives, translates.
struct ServiceJobRunner: JobRunner {
  let store: any Store
  let vault: Vault
  let registry: ConnectorRegistry
  let driver: OperationDriver
  let clock: any HostClock
  let log: EventLog
  let library: BlobLibrary
  let fetcher: MediaFetcher

  /// How long a job waits whose connector is not there.
  private static let absence = Duration.seconds(60)
  /// How long one waits that the host could not begin.
  private static let pause = Duration.seconds(5)

  func run(_ lease: Lease, _ control: AttemptControl) async -> AttemptOutcome {
    let job = lease.job
    do {
      guard let record = try await store.connection(job.connection) else {
        let error = OperationError(.notFound, "the connection \(job.connection) was removed")
        return AttemptOutcome(.failed(error, performedWrite: false))
      }
      let sealer = try await vault.sealer(tenant: job.tenant)
      let entries = try await SealedJournal.entries(of: job.id, in: store, sealer: sealer)
      let replay = entries.isEmpty ? nil : try OperationReplay(entries)
      let connector: ServedConnector
      switch choose(for: job, replaying: replay) {
      case .ready(let found): connector = found
      case .absent(let outcome): return outcome
      }
      let journal = SealedJournal(
        job: job.id, library: connector.sha256, store: store, sealer: sealer, lease: lease.token)
      let media = try await media(of: job)
      let taken: MediaIntake.Taken
      do throws(OperationError) {
        taken = try await take(media, for: connector.manifest, replaying: replay)
      } catch {
        return AttemptOutcome(.failed(error, performedWrite: false))
      }
      let request = OperationRequest(
        name: job.action, input: .json(taken.input), connection: record.connection,
        seed: UInt64.random(in: .min ... .max), attempt: UInt32(clamping: lease.number),
        idempotencyKey: PlatformKey.make(for: job), mustReconcile: job.mustReconcile,
        blobs: OperationBlobs(taken.blobs, keeper: media), orderedAt: try await firstOrder(of: job),
        journal: journal,
        observe: OperationLog(log: log, job: job, lease: lease).tell)
      let report = await drive(request, on: connector.hosted, replaying: replay, control)
      return outcome(of: report, for: job, connector: connector.manifest)
    } catch let error as JournalError {
      let told = OperationError(
        .unknownOutcome, "what the operation did before cannot be replayed: \(error)", retry: .unknownOutcome)
      return AttemptOutcome(.indeterminate(told))
    } catch VaultError.doesNotOpen(let what) {
      let told = OperationError(
        .unknownOutcome, "what the operation did before cannot be read: \(what)", retry: .unknownOutcome)
      return AttemptOutcome(.indeterminate(told))
    } catch {
      // Not a failed attempt: what an earlier one recorded must stay.
      return AttemptOutcome(
        .parked(until: Self.pause.after(clock.unixNanoseconds), note: "the host could not begin: \(error)"))
    }
  }

  /// What is on record for the job; a retry of a dead letter takes over what the dead job had.
  private func media(of job: Job) async throws -> JobMedia {
    var records = try await library.blobs(of: job.id)
    if records.isEmpty, let earlier = job.retryOf {
      records = try await library.blobs(of: earlier)
      for (number, record) in records {
        _ = try await library.keep(record, for: .job(job.id, number: number), tenant: job.tenant)
      }
    }
    return JobMedia(job: job, library: library, fetcher: fetcher, records: records)
  }

  /// An operation that goes on has its input, and its blobs, on record.
  private func take(_ media: JobMedia, for manifest: Manifest, replaying replay: OperationReplay?)
    async throws(OperationError) -> MediaIntake.Taken
  {
    let all = media.records.mapValues(library.blob)
    guard replay == nil else { return MediaIntake.Taken(input: [], blobs: all) }
    let rules = manifest.actions[media.job.action]?.media ?? []
    var taken = try await MediaIntake(rules: rules).take(media.job.payload, from: media)
    // Answers that an earlier attempt kept have numbers, too, and none is given twice.
    taken.blobs.merge(all) { new, _ in new }
    return taken
  }

  /// When the order was given that `job` repeats: what an earlier attempt made is not older.
  private func firstOrder(of job: Job) async throws(StoreError) -> UInt64 {
    var first = job
    // A chain of retried dead letters; nobody retries as often.
    for _ in 0..<100 {
      guard let earlier = first.retryOf, let found = try await store.job(earlier, tenant: job.tenant) else {
        break
      }
      first = found
    }
    return first.createdAt
  }

  func retryRule(for job: Job) -> RetryRule {
    let manifest = try? registry.connector(job.connector).manifest
    return manifest?.actions[job.action].map(RetryRule.init) ?? RetryRule(retry: .never)
  }

  func connectionNeedsAttention(_ job: Job, reason: String) async throws(StoreError) {
    let attention = ConnectionAttention(store: store, clock: clock)
    guard try await attention.need(job.connection, reason: reason) else { return }
    log.tell(.warning, "connection.attention", job, message: reason)
  }

  private enum Choice {
    case ready(ServedConnector)
    case absent(AttemptOutcome)
  }

  /// The connector's newest generation, or the one that the journal was written with.
  private func choose(for job: Job, replaying replay: OperationReplay?) -> Choice {
    if let replay {
      let library = replay.start.library
      if let pinned = registry.connector(job.connector, sha256: library) {
        return pinned.hosted.health.failure.map { .absent(wait($0.message)) } ?? .ready(pinned)
      }
      let message =
        "the operation was begun with a library that is gone (\(library.prefix(12))…), so it cannot go on"
      guard replay.mayHaveWritten else {
        // The next attempt begins anew, with the library that is there.
        let error = OperationError(.upstream, message, retry: .safe)
        return .absent(AttemptOutcome(.failed(error, performedWrite: false)))
      }
      let error = OperationError(.unknownOutcome, message, retry: .unknownOutcome)
      return .absent(AttemptOutcome(.indeterminate(error)))
    }
    do throws(RuntimeError) {
      let connector = try registry.connector(job.connector)
      if let failure = connector.hosted.health.failure { throw RuntimeError(failure.message) }
      return .ready(connector)
    } catch {
      return .absent(wait(error.description))
    }
  }

  private func wait(_ note: String) -> AttemptOutcome {
    AttemptOutcome(.parked(until: Self.absence.after(clock.unixNanoseconds), note: note))
  }
}

/// What connectors mark their work on a platform with: the same for every attempt and every retry of one order, and
/// never the same for two tenants who chose the same key.
enum PlatformKey {
  static func make(for job: Job) -> String { "\(job.connection)/\(job.idempotencyKey)" }
}
