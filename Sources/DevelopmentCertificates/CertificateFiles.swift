/// The authority's certificate: where it lies, and its bytes.
package struct AuthorityFile: Sendable, Equatable {
  package let certificatePath: String
  package let certificatePEM: [UInt8]
}

/// A leaf certificate with its key: where they lie, and their bytes.
///
/// The certificate file holds the leaf first, then the authority, as a server sends them.
package struct LeafFiles: Sendable, Equatable {
  package let certificatePath: String
  package let keyPath: String
  package let certificatePEM: [UInt8]
  package let keyPEM: [UInt8]
}
