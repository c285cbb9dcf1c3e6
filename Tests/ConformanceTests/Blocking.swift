import Ports

/// What `work` returns, on a thread of its own: those of tests are needed by what is tested.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await NamedThread.run("patchbay-tests", work)
}
