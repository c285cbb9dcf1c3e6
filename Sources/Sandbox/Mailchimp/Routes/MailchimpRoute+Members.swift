extension MailchimpRoute {
  /// Members of an audience and what belongs to each.
  static let members: [MailchimpRoute] = [
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
    MailchimpRoute("GET", "/lists/{list}/members/{member}/notes") { (api, call) throws(MailchimpProblem) in
      try api.notes(call)
    },
    MailchimpRoute("POST", "/lists/{list}/members/{member}/notes") { (api, call) throws(MailchimpProblem) in
      try api.createNote(call)
    },
    MailchimpRoute("GET", "/lists/{list}/members/{member}/notes/{note}") {
      (api, call) throws(MailchimpProblem) in
      try api.note(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/members/{member}/notes/{note}") {
      (api, call) throws(MailchimpProblem) in
      try api.updateNote(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/members/{member}/notes/{note}") {
      (api, call) throws(MailchimpProblem) in
      try api.deleteNote(call)
    },
    MailchimpRoute("GET", "/lists/{list}/members/{member}/events") { (api, call) throws(MailchimpProblem) in
      try api.memberEvents(call)
    },
    MailchimpRoute("POST", "/lists/{list}/members/{member}/events") { (api, call) throws(MailchimpProblem) in
      try api.createMemberEvent(call)
    },
    MailchimpRoute("GET", "/lists/{list}/members/{member}/activity-feed") {
      (api, call) throws(MailchimpProblem) in
      try api.memberActivityFeed(call)
    },
    MailchimpRoute("GET", "/lists/{list}/members/{member}/goals") { (api, call) throws(MailchimpProblem) in
      try api.memberGoals(call)
    },
  ]
}
