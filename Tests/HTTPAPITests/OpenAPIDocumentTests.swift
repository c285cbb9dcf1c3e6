import ConnectorModel
import Foundation
import Ports
import TestTools
import Testing

@testable import HTTPAPI

@Suite(.offThePool) struct OpenAPIDocumentTests {
  private let document = OpenAPIDocument(RouteTable.all.routes).json

  @Test func everyRouteIsDescribed() throws {
    for route in RouteTable.all.routes {
      let operation = document["paths"]?[route.template]?[route.method.rawValue.lowercased()]
      #expect(operation?["operationId"]?.text == route.operationID)
      for success in route.successes {
        #expect(operation?["responses"]?["\(success.status)"] != nil)
      }
      #expect((operation?["requestBody"] != nil) == (route.body != nil || route.takesFile))
      #expect(operation?["parameters"]?.elements?.count == route.parameters.count + route.query.count)
    }
  }

  @Test func referencesLeadSomewhere() throws {
    let text = String(decoding: try StableJSON.encode(document), as: UTF8.self)
    for match in text.matches(of: /#\/components\/schemas\/(\w+)/) {
      #expect(document["components"]?["schemas"]?[String(match.1)] != nil, "\(match.1)")
    }
  }

  @Test(.enabled(if: Validator.isUsable, Validator.reason))
  func documentIsValidOpenAPI31() async throws {
    let python = try #require(Tool(path: Validator.python), Validator.reason)
    let scratch = ScratchDirectory()
    let path = scratch.write(try StableJSON.encode(document), to: "openapi.json")
    let result = try await NamedThread.run("validator") {
      python.run(["-m", "openapi_spec_validator", "--schema", "3.1", path], output: scratch.file("output"))
    }
    #expect(result.code == 0, "\(result.printed)")
  }

  @Test(.enabled(if: Validator.isUsable, Validator.reason))
  func validatorSeesABrokenDocument() async throws {
    let python = try #require(Tool(path: Validator.python), Validator.reason)
    guard case .object(var members) = document else { return }
    members["info"] = ["title": "no version"]
    let scratch = ScratchDirectory()
    let path = scratch.write(try StableJSON.encode(JSONValue.object(members)), to: "openapi.json")
    let result = try await NamedThread.run("validator") {
      python.run(["-m", "openapi_spec_validator", "--schema", "3.1", path], output: scratch.file("output"))
    }
    #expect(result.code != 0)
  }
}

/// The judge of OpenAPI documents, in the checkout's own virtual environment.
private enum Validator {
  static let python = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: ".build/venv/bin/python").path()
  static let reason: Comment =
    "\(python) with openapi-spec-validator is missing: run scripts/dependencies --tests"

  static var isUsable: Bool { Tool(path: python) != nil || requiresAll }
}
