internal import ArgumentParser
internal import ConnectorModel
internal import Ports

/// `--upload NAME=FILE`: a file that the input names as `{"upload": "NAME"}`.
enum UploadArguments {
  static let help = ArgumentHelp(
    "A file that the input names as {\"upload\": \"NAME\"}; may be repeated.",
    valueName: "NAME=FILE")

  /// Paths by name.
  ///
  /// - Throws: `CommandFailure` for anything else than a name and a file.
  static func files(_ texts: [String]) throws(CommandFailure) -> [String: String] {
    var files: [String: String] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, files.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw CommandFailure(
          sentence: "--upload takes NAME=FILE, each name once; this is \(text)", code: 2)
      }
    }
    return files
  }

  /// The payload with ids in the place of names.
  static func naming(_ ids: [String: String], in value: JSONValue) -> JSONValue {
    switch value {
    case .object(let members):
      if members.count == 1, case .string(let name)? = members["upload"], let id = ids[name] {
        return .object(["upload": .string(id)])
      }
      return .object(members.mapValues { naming(ids, in: $0) })
    case .array(let elements): return .array(elements.map { naming(ids, in: $0) })
    default: return value
    }
  }
}

extension APIClient {
  /// Sends files to the host, each under its name.
  ///
  /// - Returns: the uploads' ids by name.
  func upload(_ files: [String: String]) async throws -> [String: String] {
    var ids: [String: String] = [:]
    for (name, path) in files.sorted(by: { $0.key < $1.key }) {
      let size: UInt64
      do throws(BlobError) {
        size = try BlobFile(path).size
      } catch {
        throw CommandFailure(
          sentence: "the file \(path) of upload \(name) cannot be used: \(error)", code: 2)
      }
      var body = TransportBody()
      body.append(TransportBody.Segment(.file(path), offset: 0, length: size))
      ids[name] = try await send(
        "POST", "/api/uploads", body, type: "application/octet-stream", timeout: .seconds(3600))[
          "uploadId"]?.text
    }
    return ids
  }
}
