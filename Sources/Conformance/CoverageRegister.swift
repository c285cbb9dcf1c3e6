/// Which mutants and tests prove which rules; tests compare it with what is there.
enum CoverageRegister {
  static let mutants: [String: [String]] = [:]
  static let hostTests: [String: [String]] = [:]
  static let unchecked: [String: String] = [:]
}
