/// What kept a development certificate from being made or read.
package enum CertificateError: Error, Equatable, CustomStringConvertible {
  case file(path: String, operation: String, reason: String)
  case library(operation: String)
  case invalidName(String)
  case noNames

  package var description: String {
    switch self {
    case .file(let path, let operation, let reason):
      "cannot \(operation) \(path): \(reason); check that the directory exists and is writable"
    case .library(let operation):
      "OpenSSL refused to \(operation); delete the certificate files and try again"
    case .invalidName(let name):
      "\"\(name)\" cannot stand in a certificate; use a DNS name, optionally with a leading *., or an IP address"
    case .noNames: "a certificate needs at least one name; pass the host names it is for"
    }
  }
}
