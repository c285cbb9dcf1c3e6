/// Cases of `patchbay verify` that have nothing to ask a connector, and why.
package enum UnaskedCases {
  /// A manifest that names no sum, and no webhooks; a folder with one manifest, and no platform whose error bodies are known.
  package static let ofSmallConnectors: Set<String> = [
    "A3", "B6", "J1", "K3", "K7", "K8", "K9", "K10",
  ]
  /// Transcripts without records or streams, state, second pages or keys of the platform's own.
  package static let ofSmallTranscripts: Set<String> = ["G12", "L1", "L2", "L3", "M7", "M10"]
  /// A runtime that ends the process itself when memory runs out.
  package static let ofRuntimesThatEnd: Set<String> = ["F7", "F10"]

  /// What `patchbay new` writes.
  package static func ofStarters(in language: String) -> Set<String> {
    let ofEach = ofSmallConnectors.union(ofSmallTranscripts)
    return language == "c" ? ofEach : ofEach.union(ofRuntimesThatEnd)
  }
}
