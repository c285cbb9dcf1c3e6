/// How the wire is set up for tests, sandboxes and private installations.
package struct TransportOptions: Sendable, Equatable {
  /// Connections that go somewhere else than their host's name says, as libcurl's `CURLOPT_CONNECT_TO` does; the
  /// certificate must still be the host's.
  package var connectTo: [ConnectMapping]
  /// A PEM file that replaces the system's certificate authorities.
  package var certificateAuthority: String?

  /// For a caller who named the host himself, such as an operator's command; never for connectors.
  package var allowsPrivateAddresses: Bool

  package init(
    connectTo: [ConnectMapping] = [], certificateAuthority: String? = nil,
    allowsPrivateAddresses: Bool = false
  ) {
    self.connectTo = connectTo
    self.certificateAuthority = certificateAuthority
    self.allowsPrivateAddresses = allowsPrivateAddresses
  }

  func mapping(host: String, port: UInt16) -> ConnectMapping? {
    connectTo.first { ($0.host ?? host).lowercased() == host && ($0.port ?? port) == port }
  }
}

/// Where connections to one host and port go instead.
///
/// The address is the one private address that such a connection may use.
package struct ConnectMapping: Sendable, Equatable {
  /// Nil: every host.
  package var host: String?
  /// Nil: every port.
  package var port: UInt16?
  /// An IP address.
  package var address: String
  package var addressPort: UInt16

  package init(host: String? = nil, port: UInt16? = nil, address: String, addressPort: UInt16) {
    self.host = host
    self.port = port
    self.address = address
    self.addressPort = addressPort
  }

  var socketAddress: SocketAddress? { SocketAddress(address, port: addressPort) }

  /// In the shape that `CURLOPT_CONNECT_TO` takes.
  var curlText: String {
    "\(host ?? ""):\(port.map(String.init) ?? ""):" + (address.contains(":") ? "[\(address)]" : address)
      + ":\(addressPort)"
  }
}
