internal import ConnectorModel
internal import Manifest
internal import Ports

/// Looks at what an order names before it becomes a job: uploads are there, fit, and stay for the job.
///
/// What stands at a URL is looked at when the job runs.
struct OrderMedia: Sendable {
  let library: BlobLibrary
  let rules: [MediaRule]

  /// - Throws: `invalidInput` with a pointer into the request's body; `storeUnavailable`.
  func reserve(for job: Job) async throws(ServiceError) {
    guard !rules.isEmpty, let input = try? StableJSON.decode(JSONValue.self, from: job.payload)
    else { return }
    let places = MediaPlace.all(in: input, by: rules)
    var uploads: [(number: UInt64, upload: Upload)] = []
    for (index, place) in places.enumerated() {
      switch place.name {
      case .url: continue
      case .malformed:
        throw refusal(place, "must be named as {\"url\": \"https://…\"} or {\"upload\": \"upl_…\"}")
      case .upload(let id):
        let found: Upload?
        do throws(StoreError) {
          found = try await library.upload(id, tenant: job.tenant)
        } catch {
          throw ServiceError(.storeUnavailable, error.message)
        }
        guard let found else {
          throw refusal(place, "names no upload of this tenant; uploads stay for a day")
        }
        if let complaint = MediaJudge.complaint(about: library.blob(found.blob), by: place.rules) {
          throw refusal(place, complaint)
        }
        uploads.append((UInt64(index + 1), found))
      }
    }
    for (number, upload) in uploads {
      do throws(BlobError) {
        _ = try await library.keep(
          upload.blob, for: .job(job.id, number: number), tenant: job.tenant)
      } catch {
        throw ServiceError(error)
      }
    }
  }

  private func refusal(_ place: MediaPlace, _ complaint: String) -> ServiceError {
    ServiceError(
      .invalidInput, "the media at \(place.pointer) \(complaint)",
      pointer: "/payload" + place.pointer)
  }
}
