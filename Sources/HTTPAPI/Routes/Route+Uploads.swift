internal import ConnectorModel
internal import Ports
internal import Runtime

extension Route {
  static let uploads: [Route] = [
    Route(
      taking: "/api/uploads", "uploadMedia",
      "Keeps a file for a day, to be named in payloads as {\"upload\": id}; the body is the file itself.",
      .publish,
      [.json(Upload.schema, "It is kept.", status: 201)], problems: [.overloaded]
    ) { call, body in
      let upload = try await call.service.upload(body, by: call.principal)
      var answer = Answer.json(upload.json, status: 201)
      answer.headers = [HeaderLine("Location", "/api/uploads/\(upload.id)")]
      return answer
    },
    Route(
      .get, "/api/uploads/{id}", "getUpload", "What is known of an upload.", .read,
      [.json(Upload.schema, "The upload.")]
    ) { call in
      .json(try await call.service.upload(call.id, by: call.principal).json)
    },
    Route(
      .delete, "/api/uploads/{id}", "deleteUpload",
      "Forgets an upload; jobs that were given it keep it.", .publish,
      [.none("It is gone.")]
    ) { call in
      try await call.service.removeUpload(call.id, by: call.principal)
      return .none
    },
  ]
}
