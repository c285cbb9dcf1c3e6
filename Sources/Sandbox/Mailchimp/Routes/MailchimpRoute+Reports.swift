extension MailchimpRoute {
  /// Reports of campaigns that were sent.
  static let reports: [MailchimpRoute] = [
    MailchimpRoute("GET", "/reports") { (api, call) throws(MailchimpProblem) in
      try api.reports(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}") { (api, call) throws(MailchimpProblem) in
      try api.report(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/open-details") { (api, call) throws(MailchimpProblem) in
      try api.openDetails(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/open-details/{member}") {
      (api, call) throws(MailchimpProblem) in
      try api.openDetail(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/click-details") { (api, call) throws(MailchimpProblem) in
      try api.clickDetails(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/click-details/{link}") {
      (api, call) throws(MailchimpProblem) in
      try api.clickDetail(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/click-details/{link}/members") {
      (api, call) throws(MailchimpProblem) in
      try api.clickMembers(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/click-details/{link}/members/{member}") {
      (api, call) throws(MailchimpProblem) in
      try api.clickMember(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/email-activity") { (api, call) throws(MailchimpProblem) in
      try api.emailActivity(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/email-activity/{member}") {
      (api, call) throws(MailchimpProblem) in
      try api.memberEmailActivity(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/unsubscribed") { (api, call) throws(MailchimpProblem) in
      try api.unsubscribed(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/unsubscribed/{member}") {
      (api, call) throws(MailchimpProblem) in
      try api.unsubscribedMember(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/sent-to") { (api, call) throws(MailchimpProblem) in
      try api.sentTo(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/sent-to/{member}") { (api, call) throws(MailchimpProblem) in
      try api.sentToMember(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/abuse-reports") { (api, call) throws(MailchimpProblem) in
      try api.abuseReports(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/abuse-reports/{report}") {
      (api, call) throws(MailchimpProblem) in
      try api.abuseReport(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/locations") { (api, call) throws(MailchimpProblem) in
      try api.locations(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/domain-performance") { (api, call) throws(MailchimpProblem) in
      try api.domainPerformance(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/advice") { (api, call) throws(MailchimpProblem) in
      try api.advice(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/eepurl") { (api, call) throws(MailchimpProblem) in
      try api.eepurl(call)
    },
    MailchimpRoute("GET", "/reports/{campaign}/sub-reports") { (api, call) throws(MailchimpProblem) in
      try api.subReports(call)
    },
  ]
}
