extension MailchimpRoute {
  /// Segments of an audience.
  static let segments: [MailchimpRoute] = [
    MailchimpRoute("GET", "/lists/{list}/segments") { (api, call) throws(MailchimpProblem) in
      try api.segments(call)
    },
    MailchimpRoute("POST", "/lists/{list}/segments") { (api, call) throws(MailchimpProblem) in
      try api.createSegment(call)
    },
    MailchimpRoute("GET", "/lists/{list}/segments/{segment}") { (api, call) throws(MailchimpProblem) in
      try api.segment(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/segments/{segment}") { (api, call) throws(MailchimpProblem) in
      try api.updateSegment(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/segments/{segment}") { (api, call) throws(MailchimpProblem) in
      try api.deleteSegment(call)
    },
    MailchimpRoute("POST", "/lists/{list}/segments/{segment}") { (api, call) throws(MailchimpProblem) in
      try api.batchSegment(call)
    },
    MailchimpRoute("GET", "/lists/{list}/segments/{segment}/members") {
      (api, call) throws(MailchimpProblem) in
      try api.segmentMembers(call)
    },
    MailchimpRoute("POST", "/lists/{list}/segments/{segment}/members") {
      (api, call) throws(MailchimpProblem) in
      try api.addSegmentMember(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/segments/{segment}/members/{member}") {
      (api, call) throws(MailchimpProblem) in
      try api.removeSegmentMember(call)
    },
  ]
}
