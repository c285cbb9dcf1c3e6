/// Regular expressions as JSON Schema means them: searched anywhere, over code points, with ASCII classes.
enum SchemaPattern {
  /// Nil when the pattern does not compile.
  static func compile(_ pattern: String) -> Regex<AnyRegexOutput>? {
    guard let regex = try? Regex(endingStrictly(pattern)) else { return nil }
    return regex.matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
  }

  /// ECMAScript's `$` is the very end, Swift's also stands before a final line break.
  private static func endingStrictly(_ pattern: String) -> String {
    var result = ""
    var isEscaped = false
    var isInClass = false
    for character in pattern.unicodeScalars {
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "[" {
        isInClass = true
      } else if character == "]" {
        isInClass = false
      } else if character == "$", !isInClass {
        result += "\\z"
        continue
      }
      result.unicodeScalars.append(character)
    }
    return result
  }
}
