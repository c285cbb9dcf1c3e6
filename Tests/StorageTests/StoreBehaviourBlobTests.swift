import Ports
import Testing

@Suite struct StoreBehaviourBlobTests {
  private static let blob = BlobRecord(
    sha256: String(repeating: "a", count: 64), size: 100, type: "image/png", width: 2, height: 3)
  private static let film = BlobRecord(
    sha256: String(repeating: "b", count: 64), size: 200, type: "video/mp4", durationMilliseconds: 9
  )
  private let plenty: UInt64 = 1 << 40

  private func unneeded(in store: any Store, at now: UInt64) async throws -> [String] {
    try await store.unneededBlobs(since: now - 24 * hour, now: now, limit: 10)
  }

  @Test(arguments: StoreEngine.allCases) func uploadBelongsToItsTenant(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      #expect(
        try await store.keep(
          Self.blob, for: .upload("upl_1"), tenant: "acme", capacity: plenty, now: start))
      let upload = try await store.upload("upl_1", tenant: "acme")
      #expect(upload == Upload(id: "upl_1", tenant: "acme", blob: Self.blob, createdAt: start))
      #expect(try await store.upload("upl_1", tenant: "other") == nil)
      #expect(try await store.removeUpload("upl_1", tenant: "other", now: start) == false)
      #expect(try await store.removeUpload("upl_1", tenant: "acme", now: start))
      #expect(try await store.upload("upl_1", tenant: "acme") == nil)
    }
  }

  @Test(arguments: StoreEngine.allCases) func tenantHoldsNoMoreThanItMay(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let first = try await store.keep(
        Self.blob, for: .upload("upl_1"), tenant: "acme", capacity: 100, now: start)
      // The same bytes again cost nothing.
      let again = try await store.keep(
        Self.blob, for: .upload("upl_2"), tenant: "acme", capacity: 100, now: start)
      let tooMuch = try await store.keep(
        Self.film, for: .upload("upl_3"), tenant: "acme", capacity: 299, now: start)
      #expect(first && again && !tooMuch)
      #expect(try await store.upload("upl_3", tenant: "acme") == nil)
      #expect(
        try await store.keep(
          Self.film, for: .upload("upl_3"), tenant: "acme", capacity: 300, now: start))
      #expect(
        try await store.keep(
          Self.blob, for: .upload("upl_4"), tenant: "other", capacity: 100, now: start))
    }
  }

  @Test(arguments: StoreEngine.allCases) func jobHasItsBlobsByNumber(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      for (number, blob) in [(1, Self.film), (2, Self.blob), (1, Self.blob)] {
        let holder = BlobHolder.job("job_1", number: UInt64(number))
        #expect(
          try await store.keep(blob, for: holder, tenant: "acme", capacity: plenty, now: start))
      }
      // The first under a number stays.
      let found = try await store.blobs(of: "job_1")
      #expect(found == [1: Self.film, 2: Self.blob])
      #expect(try await store.blobs(of: "job_2").isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func blobGoesADayAfterTheLastThatNeededIt(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      let day = 24 * hour
      for id in ["upl_1", "upl_2"] {
        #expect(
          try await store.keep(
            Self.blob, for: .upload(id), tenant: "acme", capacity: plenty, now: start))
      }
      #expect(try await store.removeUpload("upl_1", tenant: "acme", now: start + hour))
      #expect(try await unneeded(in: store, at: start + hour).isEmpty)
      // The other upload is a day old and forgotten; the blob was last needed an hour after it was made.
      #expect(try await unneeded(in: store, at: start + day + 1).isEmpty)
      #expect(try await unneeded(in: store, at: start + day + hour + 1) == [Self.blob.sha256])
      // Somebody needs it again before it is removed.
      #expect(
        try await store.keep(
          Self.blob, for: .job("job_1", number: 1), tenant: "acme", capacity: plenty,
          now: start + 2 * day))
      #expect(try await store.forgetBlob(Self.blob.sha256) == false)
      #expect(try await unneeded(in: store, at: start + 2 * day + hour).isEmpty)
      // A job that was noted and never made.
      _ = try await unneeded(in: store, at: start + 3 * day + hour)
      #expect(try await unneeded(in: store, at: start + 4 * day + 2 * hour) == [Self.blob.sha256])
      #expect(try await store.forgetBlob(Self.blob.sha256))
      #expect(try await store.forgetBlob(Self.blob.sha256) == false)
    }
  }
}
