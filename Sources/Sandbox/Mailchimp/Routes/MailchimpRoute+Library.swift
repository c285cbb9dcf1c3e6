extension MailchimpRoute {
  /// Templates, files and folders.
  static let library: [MailchimpRoute] = [
    MailchimpRoute("GET", "/templates") { (api, call) throws(MailchimpProblem) in
      try api.templates(call)
    },
    MailchimpRoute("POST", "/templates") { (api, call) throws(MailchimpProblem) in
      try api.createTemplate(call)
    },
    MailchimpRoute("GET", "/templates/{template}") { (api, call) throws(MailchimpProblem) in
      try api.template(call)
    },
    MailchimpRoute("PATCH", "/templates/{template}") { (api, call) throws(MailchimpProblem) in
      try api.updateTemplate(call)
    },
    MailchimpRoute("DELETE", "/templates/{template}") { (api, call) throws(MailchimpProblem) in
      try api.deleteTemplate(call)
    },
    MailchimpRoute("GET", "/templates/{template}/default-content") { (api, call) throws(MailchimpProblem) in
      try api.defaultContent(call)
    },
    MailchimpRoute("GET", "/file-manager/files") { (api, call) throws(MailchimpProblem) in
      try api.files(call)
    },
    MailchimpRoute("POST", "/file-manager/files") { (api, call) throws(MailchimpProblem) in
      try api.uploadFile(call)
    },
    MailchimpRoute("GET", "/file-manager/files/{file}") { (api, call) throws(MailchimpProblem) in
      try api.file(call)
    },
    MailchimpRoute("PATCH", "/file-manager/files/{file}") { (api, call) throws(MailchimpProblem) in
      try api.updateFile(call)
    },
    MailchimpRoute("DELETE", "/file-manager/files/{file}") { (api, call) throws(MailchimpProblem) in
      try api.deleteFile(call)
    },
    MailchimpRoute("GET", "/file-manager/folders") { (api, call) throws(MailchimpProblem) in
      try api.folders(.files, call)
    },
    MailchimpRoute("POST", "/file-manager/folders") { (api, call) throws(MailchimpProblem) in
      try api.createFolder(.files, call)
    },
    MailchimpRoute("GET", "/file-manager/folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.folder(.files, call)
    },
    MailchimpRoute("PATCH", "/file-manager/folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.updateFolder(.files, call)
    },
    MailchimpRoute("DELETE", "/file-manager/folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.deleteFolder(.files, call)
    },
    MailchimpRoute("GET", "/campaign-folders") { (api, call) throws(MailchimpProblem) in
      try api.folders(.campaigns, call)
    },
    MailchimpRoute("POST", "/campaign-folders") { (api, call) throws(MailchimpProblem) in
      try api.createFolder(.campaigns, call)
    },
    MailchimpRoute("GET", "/campaign-folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.folder(.campaigns, call)
    },
    MailchimpRoute("PATCH", "/campaign-folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.updateFolder(.campaigns, call)
    },
    MailchimpRoute("DELETE", "/campaign-folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.deleteFolder(.campaigns, call)
    },
    MailchimpRoute("GET", "/template-folders") { (api, call) throws(MailchimpProblem) in
      try api.folders(.templates, call)
    },
    MailchimpRoute("POST", "/template-folders") { (api, call) throws(MailchimpProblem) in
      try api.createFolder(.templates, call)
    },
    MailchimpRoute("GET", "/template-folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.folder(.templates, call)
    },
    MailchimpRoute("PATCH", "/template-folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.updateFolder(.templates, call)
    },
    MailchimpRoute("DELETE", "/template-folders/{folder}") { (api, call) throws(MailchimpProblem) in
      try api.deleteFolder(.templates, call)
    },
  ]
}
