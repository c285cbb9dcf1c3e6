/// Cases of `patchbay verify` that have nothing to ask a connector, and why.
package enum UnaskedCases {
  /// A manifest that names no sum, no webhooks and no header that tells of limits; a folder with one manifest, and no platform
  /// whose error bodies are known.
  package static let ofSmallConnectors: Set<String> = [
    "A3", "B6", "J1", "J5", "J9", "K3", "K7", "K8", "K9", "K10",
  ]
  /// Transcripts without records or streams, state, second pages, keys of the platform's own, moments or media.
  package static let ofSmallTranscripts: Set<String> = ["G12", "L1", "L2", "L3", "L5", "L8", "M7", "M10"]
  /// A runtime that ends the process itself when memory runs out.
  package static let ofRuntimesThatEnd: Set<String> = ["F7"]

  /// No executor that a task could leave for.
  package static let ofOtherRuntimes: Set<String> = ["H10"]

  /// What `patchbay new` writes.
  package static func ofStarters(in language: String) -> Set<String> {
    let ofEach = ofSmallConnectors.union(ofSmallTranscripts)
    switch language {
    case "c": return ofEach.union(ofOtherRuntimes)
    case "rust": return ofEach.union(ofOtherRuntimes).union(ofRuntimesThatEnd)
    default: return ofEach.union(ofRuntimesThatEnd)
    }
  }
}
