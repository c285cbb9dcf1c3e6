/// The kinds of text that manifests hold.
enum TextForm: Sendable, CaseIterable {
  /// One line of words for people.
  case words
  case connectorID, semanticVersion, apiVersion, libraryPath, sha256
  /// The name of an endpoint, an auth profile, a bucket.
  case name
  case variable, actionName, platformTuple, scope
  case duration, rate, date
  case baseURL, absoluteURL, requestPath, routePattern, httpMethod, headerName, headerValue, mediaType
  case parameterName, keyTemplate, environmentReference, environmentName
  case jsonPath, regularExpression, relativePath, mediaTypePattern, aspectRatio

  /// For the sentence "… is not …".
  var noun: String {
    switch self {
    case .words: "a line of text"
    case .connectorID: "a connector's id"
    case .semanticVersion: "a semantic version"
    case .apiVersion: "an API version"
    case .libraryPath: "the path of a library"
    case .sha256: "a SHA-256 digest"
    case .name: "a name"
    case .variable: "a variable's name"
    case .actionName: "an action's name"
    case .platformTuple: "a platform"
    case .scope: "a scope"
    case .duration: "a duration"
    case .rate: "a rate"
    case .date: "a date"
    case .baseURL: "a base URL"
    case .absoluteURL: "an https URL"
    case .requestPath: "a path"
    case .routePattern: "a route"
    case .httpMethod: "an HTTP method known here"
    case .headerName: "a header's name"
    case .headerValue: "a header's value"
    case .mediaType: "a media type"
    case .parameterName: "a parameter's name"
    case .keyTemplate: "text that holds $key"
    case .environmentReference: "a reference to an environment variable"
    case .environmentName: "the name of an environment variable"
    case .jsonPath: "a JSON path"
    case .regularExpression: "a regular expression"
    case .relativePath: "a relative path"
    case .mediaTypePattern: "a media type or a range of them"
    case .aspectRatio: "a ratio of width to height"
    }
  }

  /// What to write instead.
  var advice: String {
    switch self {
    case .words: "write a line that is not empty"
    case .connectorID: "use up to 63 lower-case letters, digits and hyphens, starting with a letter"
    case .semanticVersion: "write three numbers such as 1.0.0"
    case .apiVersion: "write it as the platform does, in quotes, such as \"3.0\""
    case .libraryPath: "name a file on the plugin search path, without .."
    case .sha256: "write 64 lower-case hexadecimal digits, as sha256sum prints them"
    case .name: "use lower-case letters, digits, _ and -, starting with a letter"
    case .variable: "use lower-case letters, digits and _, starting with a letter"
    case .actionName: "use lower-case words joined by points, such as campaign.publish"
    case .platformTuple: "write system and processor, such as linux-x86_64"
    case .scope: "write it as the platform does, without spaces"
    case .duration: "write a whole number above 0 with ms, s, m, h or d, such as 120s"
    case .rate: "write a number a window of s, m, h or d, such as 100000/d"
    case .date: "write it as YYYY-MM-DD, and one that exists"
    case .baseURL: "write scheme, host and path, such as https://{dc}.example.com/3.0"
    case .absoluteURL: "write scheme, host and path, such as https://login.example.com/oauth2/token"
    case .requestPath: "start it with / and leave out host, .. and fragment"
    case .routePattern: "write a method and a path, such as PUT /lists/*/members/*"
    case .httpMethod: "write GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS in upper case"
    case .headerName: "use letters, digits and hyphens"
    case .headerValue: "write printable ASCII on one line"
    case .mediaType: "write type and subtype, such as application/json"
    case .parameterName: "use letters, digits and _ - . [ ]"
    case .keyTemplate: "put $key where the secret goes, such as OAuth $key"
    case .environmentReference: "write env:NAME, and keep the value itself out of the manifest"
    case .environmentName: "use upper-case letters, digits and _, starting with a letter"
    case .jsonPath: "use $, .name, ['name'], [0] and [*] only, such as $.data[*].id"
    case .regularExpression: "check its brackets and escapes"
    case .relativePath: "write a path below the manifest's folder, without .."
    case .mediaTypePattern: "write type and subtype, such as image/jpeg or video/*"
    case .aspectRatio: "write two numbers in quotes, such as \"4:5\" or \"1.91:1\""
    }
  }

  /// For the published schema, where the form has one that covers it; the reader may be stricter.
  var pattern: String? {
    switch self {
    case .connectorID: "^[a-z][a-z0-9-]{0,62}(\\.[a-z0-9-]+)*$"
    case .semanticVersion:
      "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$"
    case .sha256: "^[0-9a-f]{64}$"
    case .name: "^[a-z][a-z0-9_-]*$"
    case .variable: "^[a-z][a-z0-9_]*$"
    case .actionName: "^[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)*$"
    case .platformTuple: "^(linux|macos)-(x86_64|aarch64)$"
    case .scope, .apiVersion: "^[!-~]+$"
    case .duration: "^[1-9][0-9]*(ms|s|m|h|d)$"
    case .rate: "^[1-9][0-9]*/[smhd]$"
    case .date: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    case .baseURL, .absoluteURL: "^https?://"
    case .requestPath: "^/"
    case .routePattern: "^([A-Z]+ )?/"
    case .httpMethod: "^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$"
    case .headerName: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
    case .headerValue: "^[ -~]+$"
    case .mediaType: "^[a-z]+/[a-z0-9.+-]+$"
    case .mediaTypePattern: "^[a-z]+/([a-z0-9.+-]+|\\*)$"
    case .aspectRatio: AspectRatio.pattern
    case .parameterName: "^[A-Za-z0-9_.\\[\\]-]+$"
    case .keyTemplate: "\\$key"
    case .environmentReference: "^env:[A-Z][A-Z0-9_]*$"
    case .environmentName: "^[A-Z][A-Z0-9_]*$"
    case .jsonPath: "^\\$"
    case .words, .libraryPath, .relativePath, .regularExpression: nil
    }
  }

  /// Whether a wrong value may be repeated in a message; where a secret could stand by mistake it may not.
  var mayBeRepeated: Bool {
    switch self {
    case .environmentReference, .keyTemplate, .headerValue: false
    default: true
    }
  }
}
