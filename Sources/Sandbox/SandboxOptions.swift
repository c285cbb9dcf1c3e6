/// How a sandbox is started.
package struct SandboxOptions: Sendable {
  /// The port of plain HTTP on 127.0.0.1; 0 picks a free one.
  package var port: Int
  /// The port of TLS on 127.0.0.1; 0 picks a free one.
  package var tlsPort: Int
  /// Where `sandbox-ca.pem` and the TLS files lie; made where it is missing.
  package var stateDirectory: String
  /// From which all identifiers are drawn.
  package var seed: UInt64
  /// Larger request bodies are answered 413 and the connection is closed.
  package var maximumBodyBytes: Int

  package init(
    port: Int = 0, tlsPort: Int = 0, stateDirectory: String, seed: UInt64 = 1,
    maximumBodyBytes: Int = 32 * 1024 * 1024
  ) {
    self.port = port
    self.tlsPort = tlsPort
    self.stateDirectory = stateDirectory
    self.seed = seed
    self.maximumBodyBytes = maximumBodyBytes
  }
}
