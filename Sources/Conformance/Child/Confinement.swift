internal import CProbe

/// What a child's confinement lacks on this machine, in words.
enum Confinement {
  static func notices(_ had: UInt32) -> [String] {
    let parts: [(UInt32, String)] = [
      (
        UInt32(PROBE_NO_NEW_PRIVILEGES),
        "this kernel grants no `no_new_privs`: a library could gain rights while it was tested"
      ),
      (
        UInt32(PROBE_NO_NETWORK),
        "no network namespace could be had: sockets are still trapped where seccomp is there"
      ),
      (
        UInt32(PROBE_SYSCALL_TRAP),
        "seccomp could not be had: forks and sockets are noticed by what they leave behind only"
      ),
    ]
    return parts.filter { had & $0.0 == 0 }.map(\.1)
  }
}
