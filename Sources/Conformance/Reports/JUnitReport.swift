/// A report in the XML that JUnit's readers know: one suite a connector.
enum JUnitReport {
  static func text(_ runs: [RunReport]) -> String {
    var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites>"]
    for run in runs {
      let results = run.results
      let failures = results.count { $0.verdict == .failed }
      let errors = results.count { $0.verdict == .crashed || $0.verdict == .timedOut }
      let skipped = results.count { $0.verdict == .skipped }
      let time = seconds(results.reduce(0) { $0 + $1.milliseconds })
      lines.append(
        "  <testsuite name=\"\(run.connector.xml)\" tests=\"\(results.count)\" failures=\"\(failures)\" "
          + "errors=\"\(errors)\" skipped=\"\(skipped)\" time=\"\(time)\">")
      for result in results { lines += testCase(result, run) }
      lines.append("  </testsuite>")
    }
    lines.append("</testsuites>")
    return lines.map { $0 + "\n" }.joined()
  }

  private static func testCase(_ result: CaseResult, _ run: RunReport) -> [String] {
    let opening =
      "    <testcase classname=\"\(run.connector.xml)\" name=\"\("\(result.id) \(result.proves)".xml)\" "
      + "time=\"\(seconds(result.milliseconds))\""
    let words = result.findings.map(\.sentence).joined(separator: "\n")
    let inner: String
    switch result.verdict {
    case .passed: return [opening + "/>"]
    case .warning: inner = "<system-out>\(words.xml)</system-out>"
    case .skipped: inner = "<skipped message=\"\(result.note.xml)\"/>"
    case .failed:
      inner =
        "<failure message=\"\(first(result).xml)\">\("\(words)\nagain: \(result.reproduce)".xml)</failure>"
    case .crashed, .timedOut:
      inner =
        "<error type=\"\(result.verdict.rawValue)\" message=\"\(first(result).xml)\">"
        + "\("\(words)\nagain: \(result.reproduce)".xml)</error>"
    }
    return [opening + ">", "      \(inner)", "    </testcase>"]
  }

  private static func first(_ result: CaseResult) -> String { result.findings.first?.sentence ?? "" }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = "\(milliseconds % 1_000)"
    return "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
  }
}

extension String {
  /// Fit for XML text and attributes; what XML cannot hold becomes a question mark.
  fileprivate var xml: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "\n": text += "&#10;"
      case "\t": text += " "
      default:
        let isAllowed = scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
        text.unicodeScalars.append(isAllowed ? scalar : "?")
      }
    }
    return text
  }
}
