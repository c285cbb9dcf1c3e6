extension MailchimpRoute {
  /// Batches and the webhooks that are told of them.
  static let batches: [MailchimpRoute] = [
    MailchimpRoute("GET", "/batches") { (api, call) throws(MailchimpProblem) in
      try api.batches(call)
    },
    MailchimpRoute("POST", "/batches") { (api, call) throws(MailchimpProblem) in
      try api.startBatch(call)
    },
    MailchimpRoute("GET", "/batches/{batch}") { (api, call) throws(MailchimpProblem) in
      try api.batch(call)
    },
    MailchimpRoute("DELETE", "/batches/{batch}") { (api, call) throws(MailchimpProblem) in
      try api.deleteBatch(call)
    },
    MailchimpRoute("GET", "/batch-webhooks") { (api, call) throws(MailchimpProblem) in
      try api.batchWebhooks(call)
    },
    MailchimpRoute("POST", "/batch-webhooks") { (api, call) throws(MailchimpProblem) in
      try api.createBatchWebhook(call)
    },
    MailchimpRoute("GET", "/batch-webhooks/{hook}") { (api, call) throws(MailchimpProblem) in
      try api.batchWebhook(call)
    },
    MailchimpRoute("PATCH", "/batch-webhooks/{hook}") { (api, call) throws(MailchimpProblem) in
      try api.updateBatchWebhook(call)
    },
    MailchimpRoute("DELETE", "/batch-webhooks/{hook}") { (api, call) throws(MailchimpProblem) in
      try api.deleteBatchWebhook(call)
    },
  ]
}
