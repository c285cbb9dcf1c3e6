/// One method on one resource under `/3.0`.
struct MailchimpRoute: Sendable {
  typealias Handler = @Sendable (inout Mailchimp, MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer

  let method: String
  /// The path's segments; `{name}` stands for any one.
  let pattern: [String]
  let handle: Handler

  init(_ method: String, _ path: String, _ handle: @escaping Handler) {
    self.method = method
    pattern = path.split(separator: "/").map(String.init)
    self.handle = handle
  }

  /// The parameters, or nil where the path is another one.
  func parameters(of segments: [String]) -> [String: String]? {
    guard segments.count == pattern.count else { return nil }
    var parameters: [String: String] = [:]
    for (part, segment) in zip(pattern, segments) {
      if part.hasPrefix("{") {
        parameters[String(part.dropFirst().dropLast())] = segment
      } else if part != segment {
        return nil
      }
    }
    return parameters
  }

  /// Every route; what is not here is 404.
  static let all: [MailchimpRoute] = [
    MailchimpRoute("GET", "/") { (api, call) throws(MailchimpProblem) in api.root(call) },
    MailchimpRoute("GET", "/ping") { (api, call) throws(MailchimpProblem) in api.ping(call) },

    MailchimpRoute("GET", "/lists") { (api, call) throws(MailchimpProblem) in try api.lists(call) },
    MailchimpRoute("POST", "/lists") { (api, call) throws(MailchimpProblem) in try api.createList(call) },
    MailchimpRoute("GET", "/lists/{list}") { (api, call) throws(MailchimpProblem) in try api.list(call) },
    MailchimpRoute("PATCH", "/lists/{list}") { (api, call) throws(MailchimpProblem) in
      try api.updateList(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}") { (api, call) throws(MailchimpProblem) in
      try api.deleteList(call)
    },
    MailchimpRoute("POST", "/lists/{list}") { (api, call) throws(MailchimpProblem) in
      try api.bulkMembers(call)
    },

    MailchimpRoute("GET", "/lists/{list}/tag-search") { (api, call) throws(MailchimpProblem) in
      try api.searchTags(call)
    },

    MailchimpRoute("GET", "/lists/{list}/members") { (api, call) throws(MailchimpProblem) in
      try api.members(call)
    },
    MailchimpRoute("POST", "/lists/{list}/members") { (api, call) throws(MailchimpProblem) in
      try api.addMember(call)
    },
    MailchimpRoute("GET", "/lists/{list}/members/{member}") { (api, call) throws(MailchimpProblem) in
      try api.member(call)
    },
    MailchimpRoute("PUT", "/lists/{list}/members/{member}") { (api, call) throws(MailchimpProblem) in
      try api.putMember(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/members/{member}") { (api, call) throws(MailchimpProblem) in
      try api.patchMember(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/members/{member}") { (api, call) throws(MailchimpProblem) in
      try api.archiveMember(call)
    },
    MailchimpRoute("POST", "/lists/{list}/members/{member}/actions/delete-permanent") {
      (api, call) throws(MailchimpProblem) in try api.deleteMember(call)
    },
    MailchimpRoute("GET", "/lists/{list}/members/{member}/tags") { (api, call) throws(MailchimpProblem) in
      try api.memberTags(call)
    },
    MailchimpRoute("POST", "/lists/{list}/members/{member}/tags") { (api, call) throws(MailchimpProblem) in
      try api.setMemberTags(call)
    },

    MailchimpRoute("GET", "/campaigns") { (api, call) throws(MailchimpProblem) in try api.campaigns(call) },
    MailchimpRoute("POST", "/campaigns") { (api, call) throws(MailchimpProblem) in
      try api.createCampaign(call)
    },
    MailchimpRoute("GET", "/campaigns/{campaign}") { (api, call) throws(MailchimpProblem) in
      try api.campaign(call)
    },
    MailchimpRoute("PATCH", "/campaigns/{campaign}") { (api, call) throws(MailchimpProblem) in
      try api.updateCampaign(call)
    },
    MailchimpRoute("DELETE", "/campaigns/{campaign}") { (api, call) throws(MailchimpProblem) in
      try api.deleteCampaign(call)
    },
    MailchimpRoute("GET", "/campaigns/{campaign}/content") { (api, call) throws(MailchimpProblem) in
      try api.content(call)
    },
    MailchimpRoute("PUT", "/campaigns/{campaign}/content") { (api, call) throws(MailchimpProblem) in
      try api.setContent(call)
    },
    MailchimpRoute("GET", "/campaigns/{campaign}/send-checklist") { (api, call) throws(MailchimpProblem) in
      try api.checklist(call)
    },
    MailchimpRoute("POST", "/campaigns/{campaign}/actions/{action}") { (api, call) throws(MailchimpProblem) in
      try api.act(call)
    },

    MailchimpRoute("GET", "/reports") { (api, call) throws(MailchimpProblem) in try api.reports(call) },
    MailchimpRoute("GET", "/reports/{campaign}") { (api, call) throws(MailchimpProblem) in
      try api.report(call)
    },
  ]
}
