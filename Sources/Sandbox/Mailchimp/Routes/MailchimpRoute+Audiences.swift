extension MailchimpRoute {
  /// Audiences and what belongs to each.
  static let audiences: [MailchimpRoute] = [
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
    MailchimpRoute("GET", "/lists/{list}/activity") { (api, call) throws(MailchimpProblem) in
      try api.listActivity(call)
    },
    MailchimpRoute("GET", "/lists/{list}/merge-fields") { (api, call) throws(MailchimpProblem) in
      try api.mergeFields(call)
    },
    MailchimpRoute("POST", "/lists/{list}/merge-fields") { (api, call) throws(MailchimpProblem) in
      try api.createMergeField(call)
    },
    MailchimpRoute("GET", "/lists/{list}/merge-fields/{field}") { (api, call) throws(MailchimpProblem) in
      try api.mergeField(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/merge-fields/{field}") { (api, call) throws(MailchimpProblem) in
      try api.updateMergeField(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/merge-fields/{field}") { (api, call) throws(MailchimpProblem) in
      try api.deleteMergeField(call)
    },
    MailchimpRoute("GET", "/lists/{list}/interest-categories") { (api, call) throws(MailchimpProblem) in
      try api.interestCategories(call)
    },
    MailchimpRoute("POST", "/lists/{list}/interest-categories") { (api, call) throws(MailchimpProblem) in
      try api.createInterestCategory(call)
    },
    MailchimpRoute("GET", "/lists/{list}/interest-categories/{category}") {
      (api, call) throws(MailchimpProblem) in
      try api.interestCategory(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/interest-categories/{category}") {
      (api, call) throws(MailchimpProblem) in
      try api.updateInterestCategory(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/interest-categories/{category}") {
      (api, call) throws(MailchimpProblem) in
      try api.deleteInterestCategory(call)
    },
    MailchimpRoute("GET", "/lists/{list}/interest-categories/{category}/interests") {
      (api, call) throws(MailchimpProblem) in
      try api.interests(call)
    },
    MailchimpRoute("POST", "/lists/{list}/interest-categories/{category}/interests") {
      (api, call) throws(MailchimpProblem) in
      try api.createInterest(call)
    },
    MailchimpRoute("GET", "/lists/{list}/interest-categories/{category}/interests/{interest}") {
      (api, call) throws(MailchimpProblem) in
      try api.interest(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/interest-categories/{category}/interests/{interest}") {
      (api, call) throws(MailchimpProblem) in
      try api.updateInterest(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/interest-categories/{category}/interests/{interest}") {
      (api, call) throws(MailchimpProblem) in
      try api.deleteInterest(call)
    },
    MailchimpRoute("GET", "/lists/{list}/webhooks") { (api, call) throws(MailchimpProblem) in
      try api.webhooks(call)
    },
    MailchimpRoute("POST", "/lists/{list}/webhooks") { (api, call) throws(MailchimpProblem) in
      try api.createWebhook(call)
    },
    MailchimpRoute("GET", "/lists/{list}/webhooks/{hook}") { (api, call) throws(MailchimpProblem) in
      try api.webhook(call)
    },
    MailchimpRoute("PATCH", "/lists/{list}/webhooks/{hook}") { (api, call) throws(MailchimpProblem) in
      try api.updateWebhook(call)
    },
    MailchimpRoute("DELETE", "/lists/{list}/webhooks/{hook}") { (api, call) throws(MailchimpProblem) in
      try api.deleteWebhook(call)
    },
  ]
}
