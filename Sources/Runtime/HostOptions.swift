internal import Egress
package import PluginLoader

/// Where a host finds things and how it reaches the network.
package struct HostOptions: Sendable {
  /// Directories and files, in the order they were given.
  package var manifests: [String]
  /// Where libraries are looked for.
  package var plugins: [String]
  /// The state directory, made with mode 0700 when it is missing.
  package var state: String
  /// Sends every connection of the connectors somewhere else: to a sandbox.
  package var sandbox: SandboxAddress?
  /// Libraries of one connector that may be mapped in the life of a process.
  package var maximumGenerations: Int
  /// What must be signed before a connector is loaded; nil for nothing.
  package var attestation: AttestationPolicy?

  package init(
    manifests: [String], plugins: [String], state: String, sandbox: SandboxAddress? = nil,
    maximumGenerations: Int = 256, attestation: AttestationPolicy? = nil
  ) {
    self.manifests = manifests
    self.plugins = plugins
    self.state = state
    self.sandbox = sandbox
    self.maximumGenerations = maximumGenerations
    self.attestation = attestation
  }

  var transport: TransportOptions {
    guard let sandbox else { return TransportOptions() }
    return TransportOptions(
      connectTo: [ConnectMapping(address: sandbox.address, addressPort: UInt16(clamping: sandbox.tlsPort))],
      certificateAuthority: sandbox.authority)
  }
}

/// Where a sandbox answers for the platforms' real host names.
package struct SandboxAddress: Sendable {
  package var address: String
  package var tlsPort: Int
  /// Path of the authority that signed its certificate.
  package var authority: String

  package init(address: String, tlsPort: Int, authority: String) {
    self.address = address
    self.tlsPort = tlsPort
    self.authority = authority
  }
}
