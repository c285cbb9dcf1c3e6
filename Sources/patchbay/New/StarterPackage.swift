/// What `patchbay new` writes, as a value.
struct StarterPackage: Sendable {
  enum Language: String, CaseIterable, Sendable { case swift, c, rust }

  let name: StarterName
  let language: Language

  private static let kit = "Vendor/patchbay-kit"

  /// Paths in the new directory and their texts, in order.
  ///
  /// A file that stands in `package/` and in the language's folder is the first followed by the second.
  ///
  /// - Throws: `CommandFailure` when the kit cannot be hashed.
  func files(from carried: [StarterFiles.File] = StarterFiles.all) throws(CommandFailure) -> [StarterFiles
    .File]
  {
    var written: [String: String] = [:]
    for folder in ["package", language.rawValue] {
      for file in carried {
        guard let path = file.path.after("Plugins/Starter/\(folder)/") else { continue }
        written[name.replacing(in: path), default: ""] += name.replacing(in: file.text)
      }
    }
    let kit = carried.compactMap { file in
      kitPath(of: file.path).map { StarterFiles.File(path: $0, text: file.text) }
    }
    let sums = try KitSums(kit)
    written["\(Self.kit)/SHA256SUMS"] = sums.text
    written["\(Self.kit)/README.md"] = sums.readme
    for file in kit { written["\(Self.kit)/\(file.path)"] = file.text }
    if language != .rust, let exports = carried.first(where: { $0.path == "Plugins/exports.ver" }) {
      written["exports.ver"] = exports.text
    }
    return written.sorted { $0.key < $1.key }.map { StarterFiles.File(path: $0.key, text: $0.value) }
  }

  /// Where a file of the repository stands in the kit, nil when this language does not need it.
  private func kitPath(of path: String) -> String? {
    if path == "LICENSE" { return path }
    guard language == .swift else { return path.after("Sources/CPatchbay/include/").map { "include/\($0)" } }
    if path.hasPrefix("Sources/") { return path }
    return path.after("Plugins/Starter/kit/") ?? path.after("scripts/")
  }
}

extension String {
  fileprivate func after(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
