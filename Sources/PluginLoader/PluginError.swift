/// Why a connector was not loaded.
///
/// Each prints one sentence: what, where, what to do.
package enum PluginError: Error, Sendable, Equatable {
  // Decided from the manifest alone.
  case duplicate(id: String, manifests: [String])
  case manifestNeedsABI(major: Int, host: Int)
  case needsWorker(id: String)
  case unknownExtension(String)
  case noLibraryForPlatform(platform: String, offered: [String])
  case leavesSearchPath(String)

  // Decided from the file, before any of its code runs.
  case notFound(library: String, tried: [String])
  case unreadable(path: String, reason: String)
  case tooLarge(path: String, bytes: Int, maximum: Int)
  case notELF(path: String)
  case malformed(path: String, what: String)
  case wrongArchitecture(path: String, built: String, host: String)
  case entryMissing(path: String)
  case needsABI(path: String, major: Int, host: Int)
  case needsSibling(path: String, library: String)
  case foreignSwiftRuntime(path: String, what: String)
  case wrongHash(path: String, expected: String, actual: String)
  case notAttested(id: String, reason: String)
  case copyFailed(path: String, reason: String)

  // Decided by talking to it.
  case notLoadable(path: String, reason: String)
  case refused(id: String, reason: String)
  case brokeContract(path: String, rule: String, what: String)
  case disagrees(path: String, manifest: String, differences: [String])
  case timedOut(path: String, step: String, seconds: Int)
  case createFailed(id: String, code: String, message: String)

  /// The case in the words of `patchbay connectors --format json`.
  package var code: String {
    switch self {
    case .duplicate: "duplicate"
    case .manifestNeedsABI, .needsABI: "other_abi"
    case .needsWorker: "needs_worker"
    case .unknownExtension: "unknown_extension"
    case .noLibraryForPlatform: "no_library_for_platform"
    case .leavesSearchPath: "leaves_search_path"
    case .notFound: "not_found"
    case .unreadable: "unreadable"
    case .tooLarge: "too_large"
    case .notELF: "not_elf"
    case .malformed: "malformed"
    case .wrongArchitecture: "wrong_architecture"
    case .entryMissing: "entry_missing"
    case .needsSibling: "needs_sibling"
    case .foreignSwiftRuntime: "foreign_swift_runtime"
    case .wrongHash: "wrong_hash"
    case .notAttested: "not_attested"
    case .copyFailed: "copy_failed"
    case .notLoadable: "not_loadable"
    case .refused: "refused_by_connector"
    case .brokeContract: "broke_contract"
    case .disagrees: "disagrees_with_manifest"
    case .timedOut: "timed_out"
    case .createFailed: "create_failed"
    }
  }
}

extension PluginError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .duplicate(let id, let manifests):
      "\(manifests.count) manifests are called \(id) (\(manifests.joined(separator: ", "))); keep one of them"
    case .manifestNeedsABI(let major, let host):
      "the manifest needs ABI \(major), this host speaks \(host); use a newer host or an older connector"
    case .needsWorker(let id):
      "\(id) asks for `isolation: worker`, which this host cannot do yet; "
        + "use `isolation: in-process` if you trust the library"
    case .unknownExtension(let name):
      "the manifest needs the extension \(name), which this host does not have; use a newer host"
    case .noLibraryForPlatform(let platform, let offered):
      "the manifest names no library for \(platform), only for \(offered.joined(separator: ", ")); "
        + "add one under `library`"
    case .leavesSearchPath(let path):
      "the library path \(path) leaves the search path; use a path without `..`, or an absolute one"
    case .notFound(let library, let tried):
      tried.isEmpty
        ? "\(library) cannot be found, the plugin search path is empty; name a directory"
        : "\(library) was not found, looked in \(tried.joined(separator: ", ")); build it or name its directory"
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason); check that it is a file that the host may read"
    case .tooLarge(let path, let bytes, let maximum):
      "\(path) has \(bytes) bytes, over the \(maximum) of a connector; strip it"
    case .notELF(let path):
      "\(path) is not an ELF shared library; build it with -shared"
    case .malformed(let path, let what):
      "\(path) is damaged or not a shared library: \(what); build or copy it again"
    case .wrongArchitecture(let path, let built, let host):
      "\(path) is built for \(built), this host is \(host); build it for \(host)"
    case .entryMissing(let path):
      "\(path) does not export patchbay_connector_entry_v1; check that it is a connector and exports its entry"
    case .needsABI(let path, let major, let host):
      "\(path) needs ABI \(major), this host speaks \(host); use a newer host or an older build of the connector"
    case .needsSibling(let path, let library):
      "\(path) needs \(library), and the host loads a private copy that has no siblings; link it statically"
    case .foreignSwiftRuntime(let path, let what):
      "\(path) needs another Swift runtime than this host's: \(what); "
        + "build it with -static-stdlib or with the host's toolchain"
    case .wrongHash(let path, let expected, let actual):
      "\(path) has sha256 \(actual), but \(expected) is expected; "
        + "restore the file, or update the manifest if the change is meant"
    case .notAttested(let id, let reason):
      "\(id) is not attested as this host requires: \(reason)"
    case .copyFailed(let path, let reason):
      "the private copy \(path) cannot be written: \(reason); make room there or choose another state directory"
    case .notLoadable(let path, let reason):
      "\(path) cannot be loaded: \(reason); build it so that all its symbols are defined"
    case .refused(let id, let reason):
      "\(id) refused to be loaded: \(reason)"
    case .brokeContract(let path, let rule, let what):
      "\(path) broke rule \(rule) of docs/abi.md: \(what); fix the connector"
    case .disagrees(let path, let manifest, let differences):
      differences.count == 1
        ? "\(differences[0]); make \(manifest) and \(path) agree"
        : "\(path) differs from \(manifest) in \(differences.count) ways; make them agree"
    case .timedOut(let path, let step, let seconds):
      "\(path) did not return from \(step) within \(seconds) s; fix the connector and restart the host"
    case .createFailed(let id, let code, let message):
      "\(id) could not be started: \(code): \(message); check its `config` in the manifest"
    }
  }
}
