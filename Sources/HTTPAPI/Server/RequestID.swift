/// Names of exchanges, for logs; not secret, not in order.
enum RequestID {
  static func make() -> String {
    let text = String(UInt64.random(in: .min ... .max), radix: 16)
    return "req_" + String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
