package import Ports

/// Why the vault did not seal or open something.
///
/// No case holds a key, a secret or ciphertext.
package enum VaultError: Error, Sendable, Equatable, CustomStringConvertible {
  case masterKeyFile(path: String, problem: String)
  /// There are secrets, and the key that opens them is gone.
  case masterKeyMissing(path: String)
  /// The text that was given instead of a file.
  case masterKeyText(problem: String)
  /// A tenant's data key does not open under this master key.
  case otherMasterKey(tenant: String, source: String)
  /// Altered, cut, or sealed for another place.
  case doesNotOpen(what: String)
  case unknownVersion(UInt8, what: String)
  case noTenant(String)
  case tooLong(bytes: Int, what: String)
  case library(operation: String)
  case store(StoreError)

  package var description: String {
    switch self {
    case .masterKeyFile(let path, let problem): "the master key \(path) \(problem)"
    case .masterKeyMissing(let path):
      "the master key \(path) is missing, and stored secrets need it: restore the file from a backup, or give its text in \(Self.variable)"
    case .masterKeyText(let problem): "\(Self.variable) \(problem)"
    case .otherMasterKey(let tenant, let source):
      "the data key of tenant \(tenant) does not open with the master key of \(source): the key was changed or lost. Restore the earlier key from a backup; without it the tenant's accounts have to be connected again"
    case .doesNotOpen(let what):
      "\(what) does not open: its bytes were altered or belong to another row; restore the row, or connect the account again"
    case .unknownVersion(let version, let what):
      "\(what) has version \(version), which this build does not know; run the build that wrote it or a later one"
    case .noTenant(let tenant):
      "there is no tenant \(tenant), so nothing can be sealed for it; make the tenant first"
    case .tooLong(let bytes, let what):
      "\(what) has \(bytes) bytes; the vault seals at most \(Envelope.maximumBytes)"
    case .library(let operation): "OpenSSL refused to \(operation); check its installation and its providers"
    case .store(let error): error.description
    }
  }

  static let variable = "PATCHBAY_MASTER_KEY"
}
