extension MailchimpRoute {
  /// Campaigns.
  static let campaigns: [MailchimpRoute] = [
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
  ]
}
