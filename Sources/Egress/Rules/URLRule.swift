/// The rules that a URL must keep before it is compared with the allow-list.
///
/// The raw value ends the sentence that a connector is told; it never quotes the URL, which may hold what must not
/// be printed.
enum URLRule: String, Error, Sendable, CaseIterable {
  case tooLong = "the URL is longer than 8192 bytes"
  case notAbsolute = "the URL is neither a path that starts with `/` nor an absolute http or https URL"
  case userInfo = "the URL names a user"
  case fragment = "the URL has a fragment"
  case addressLiteral = "the URL names its host by an IP address"
  case badHost = "the URL's host is not a plain ASCII name without a trailing dot"
  case badPort = "the URL's port is not a number from 1 to 65535"
  case badEscape = "the URL has a `%` that two hexadecimal digits of valid UTF-8 do not follow"
  case encodedSeparator = "the path hides a slash or backslash behind an escape"
  case doubleEncoding = "the path is escaped twice"
  case dotSegment = "the path has a `.` or `..` segment"
  case emptySegment = "the path has an empty segment"
  case backslash = "the URL has a backslash"
  case controlCharacter = "the URL has a space or a control character; escape it"
}
