/// The stable name of each kind of problem, for tools that read `patchbay lint --format json`.
package enum ProblemCode: String, Sendable, CaseIterable, Codable {
  // The file.
  case fileUnreadable = "file-unreadable"
  case fileTooLarge = "file-too-large"
  case noManifests = "no-manifests"
  case byteOrderMark = "byte-order-mark"
  case notUTF8 = "not-utf8"
  case controlCharacter = "control-character"

  // YAML.
  case syntax = "yaml-syntax"
  case tab = "yaml-tab"
  case anchor = "yaml-anchor"
  case alias = "yaml-alias"
  case tag = "yaml-tag"
  case multipleDocuments = "yaml-multiple-documents"
  case tooDeep = "yaml-too-deep"
  case tooManyNodes = "yaml-too-many-nodes"
  case keyNotText = "yaml-key-not-text"
  case duplicateKey = "duplicate-key"
  case numberUnusable = "number-unusable"
  case emptyDocument = "empty-document"

  // One value.
  case unsupportedFormat = "unsupported-format"
  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  case conflictingKeys = "conflicting-keys"
  case wrongType = "wrong-type"
  case invalidValue = "invalid-value"
  case invalidName = "invalid-name"
  case unknownWord = "unknown-word"
  case repeatedElement = "repeated-element"

  // Several values together.
  case unknownReference = "unknown-reference"
  case undeclaredVariable = "undeclared-variable"
  case loosePattern = "loose-pattern"
  case unlistedEnvironment = "unlisted-environment"
  case keyNotInjected = "key-not-injected"
  case notAWrite = "not-a-write"
  case schemaMissing = "schema-missing"
  case schemaInvalid = "schema-invalid"
  case configurationInvalid = "configuration-invalid"
  case duplicateID = "duplicate-id"
  case builderGap = "builder-gap"

  // Worth a look.
  case unusedEndpoint = "unused-endpoint"
  case unusedBucket = "unused-bucket"
  case unusedAuth = "unused-auth"
  case emptyBucket = "empty-bucket"
  case unreachableRoute = "unreachable-route"
  case openHost = "open-host"
  case workerMode = "worker-mode"
  case deepHealthWrites = "deep-health-writes"
  case sunsetNear = "sunset-near"
  case sunsetPassed = "sunset-passed"

  // For information.
  case notYetEnforced = "not-yet-enforced"

  package var severity: ManifestProblem.Severity {
    switch self {
    case .unusedEndpoint, .unusedBucket, .unusedAuth, .emptyBucket, .unreachableRoute, .openHost, .workerMode,
      .deepHealthWrites, .sunsetNear, .sunsetPassed:
      .warning
    case .notYetEnforced: .note
    default: .error
    }
  }

  /// Whether the problem rests on something not being there, which a document cut short cannot prove.
  var restsOnAbsence: Bool {
    switch self {
    case .missingKey, .unknownReference, .undeclaredVariable, .unlistedEnvironment, .keyNotInjected,
      .unusedEndpoint, .unusedBucket, .unusedAuth, .emptyBucket, .unreachableRoute, .emptyDocument:
      true
    default: false
    }
  }
}
