package import ConnectorModel

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A signed report of a conformance run: the file `ID.attestation.json`.
///
/// The signature is over the statement's canonical bytes: JSON with sorted keys and no space between.
package struct Attestation: Sendable, Equatable {
  /// The report, as `patchbay verify --format json` prints it.
  package let statement: JSONValue
  /// Base64.
  private let signature: String
  /// Of the key that signed.
  package let keyID: String

  /// Signs a statement.
  ///
  /// - Throws: when OpenSSL cannot.
  package init(signing statement: JSONValue, with key: Ed25519PrivateKey) throws(AttestationFault) {
    guard let bytes = try? StableJSON.encode(statement), let signature = key.signature(of: bytes),
      let id = key.publicKey?.id
    else { throw AttestationFault("this machine's OpenSSL cannot sign with Ed25519") }
    self.statement = statement
    self.signature = Data(signature).base64EncodedString()
    keyID = id
  }

  /// Reads a file's bytes, believing nothing of it.
  ///
  /// - Throws: when it is cut or is something else.
  package init(parsing bytes: [UInt8]) throws(AttestationFault) {
    guard let value = try? StableJSON.decode(JSONValue.self, from: bytes) else {
      throw AttestationFault("it is cut, or no JSON; make it again")
    }
    guard value["attestation"] == 1, let statement = value["statement"], case .object = statement,
      let signature = value["signature"]?.text, let key = value["key"]?.text
    else { throw AttestationFault("it is no attestation of format 1") }
    self.statement = statement
    self.signature = signature
    keyID = key
  }

  /// The file's bytes.
  package var file: [UInt8] {
    let value: JSONValue = [
      "attestation": 1, "key": .string(keyID), "signature": .string(signature), "statement": statement,
    ]
    // A value made of parsed parts can be written.
    return ((try? StableJSON.encode(value)) ?? []) + [0x0A]
  }

  /// The key among these that signed it.
  ///
  /// - Throws: when none of them did, or the signature is not good.
  package func signer(among keys: [Ed25519PublicKey]) throws(AttestationFault) -> Ed25519PublicKey {
    guard let key = keys.first(where: { $0.id == keyID }) else {
      throw AttestationFault(
        "it is signed with the key \(keyID.prefix(16)), and trusted is "
          + (keys.isEmpty ? "none" : keys.map(\.id).joined(separator: ", ")))
    }
    guard let raw = Data(base64Encoded: signature), let bytes = try? StableJSON.encode(statement),
      key.verifies([UInt8](raw), of: bytes)
    else { throw AttestationFault("its signature is not good: it was changed after it was signed") }
    return key
  }
}

/// Why an attestation is not believed; one clause, to follow the file's name.
package struct AttestationFault: Error, Equatable, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}
