/// What kept the sandbox from starting, or from accepting a fault.
package enum SandboxError: Error, Equatable, CustomStringConvertible {
  case cannotListen(port: Int, reason: String)
  case certificates(reason: String)
  case invalidFault(reason: String)
  case unknownPlatform(String)

  package var description: String {
    switch self {
    case .cannotListen(let port, let reason):
      "the sandbox cannot listen on 127.0.0.1:\(port): \(reason); choose another port, or 0 for a free one"
    case .certificates(let reason): "the sandbox has no certificate: \(reason)"
    case .invalidFault(let reason): "invalid fault: \(reason)"
    case .unknownPlatform(let name): "the sandbox simulates no platform \"\(name)\""
    }
  }
}
