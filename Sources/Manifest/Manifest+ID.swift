extension Manifest {
  /// What is wrong with `text` as a connector's id and what to write instead, nil when it is one.
  package static func complaint(aboutID text: String) -> String? {
    guard TextForm.connectorID.fault(in: text) != nil else { return nil }
    return "\"\(text)\" is not \(TextForm.connectorID.noun): \(TextForm.connectorID.advice)"
  }
}
