import ConnectorModel
import Foundation
import NIOCore

@testable import HTTPAPI

/// The API without a socket.
struct APIBench {
  let service = ScriptedService()
  var isLoopbackOnly = true

  func ask(
    _ method: String, _ target: String, key: String? = ScriptedService.everything, body: String? = nil,
    contentType: String? = "application/json"
  ) async -> Answer {
    let head = APIResponder.Head(
      method: method, target: target, authorization: key.map { "Bearer \($0)" }, apiKey: nil,
      contentType: body == nil ? nil : contentType)
    let responder = APIResponder(table: .all, service: service, isLoopbackOnly: isLoopbackOnly)
    let bytes = Array((body ?? "").utf8)
    return await responder.outcome(of: head) { () throws(Problem) in bytes }.answer
  }
}

extension Answer {
  var value: JSONValue {
    (try? StableJSON.decode(JSONValue.self, from: Array(body.readableBytesView))) ?? .null
  }
  var text: String { String(buffer: body) }
  var code: String? { value["code"]?.text }

  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension Route {
  /// A request that the route takes.
  var sampleTarget: String {
    parameters.reduce(template) { $0.replacingOccurrences(of: "{\($1)}", with: "con_1") }
  }

  var sampleBody: String? {
    switch operationID {
    case "connectAccount": #"{"platform":"mailchimp","apiKey":"k-us19"}"#
    case "publish": #"{"connectionId":"con_1","idempotencyKey":"k","payload":{"subject":"Hello"}}"#
    case "editPost": #"{"subject":"New"}"#
    case "uploadMedia": "bytes of a file"
    default: nil
    }
  }
}
