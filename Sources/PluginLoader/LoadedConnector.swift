package import ConnectorModel
package import Manifest
package import Ports

/// A library that passed every check; instances are made of it.
package struct LoadedConnector: Sendable {
  package let manifest: Manifest
  package let descriptor: Descriptor
  package let copy: PrivateCopy
  let table: ConnectorTable

  /// How long a connector may take to start.
  static let createSeconds = 10

  init(manifest: Manifest, descriptor: Descriptor, copy: PrivateCopy, table: ConnectorTable) {
    self.manifest = manifest
    self.descriptor = descriptor
    self.copy = copy
    self.table = table
  }

  /// Operations of an instance may overlap: the manifest wants it and the library can.
  package var isParallel: Bool {
    manifest.concurrency == .parallel && table.flags & TableFlag.parallelOperations != 0
  }

  /// Makes an instance with the manifest's configuration; blocks, so never call it on the cooperative pool.
  ///
  /// - Parameters:
  ///   - given: instead of the manifest's configuration.
  ///   - log: gets what the connector logs while it starts.
  /// - Throws: `createFailed`, `brokeContract` or `timedOut` (10 s).
  package func makeInstance(
    configuration given: JSONValue? = nil,
    log: @escaping @Sendable (ConnectorLogLine) -> Void = { _ in }
  ) throws(PluginError) -> any StepConnector {
    let configuration = try encodedConfiguration(given)
    let outcome = NamedThread.run("patchbay-create", atMost: .seconds(Self.createSeconds)) {
      [table, isParallel] in
      Result { () throws(PluginError) in
        CConnector(try table.makeInstance(configuration: configuration, log: log), isParallel: isParallel)
      }
    }
    guard let outcome else {
      throw .timedOut(path: copy.path, step: "create", seconds: Self.createSeconds)
    }
    return try outcome.get()
  }

  private func encodedConfiguration(_ given: JSONValue?) throws(PluginError) -> [UInt8] {
    let value: JSONValue = .object([
      "connector": .object(["id": .string(manifest.id), "version": .string(manifest.version)]),
      "api": .object(["version": .string(manifest.api.version)]),
      "config": given ?? manifest.configuration?.values ?? .object([:]),
    ])
    do {
      return try StableJSON.encode(value)
    } catch {
      throw .createFailed(id: manifest.id, code: "internal", message: "its configuration is not JSON")
    }
  }
}
