internal import Synchronization

extension TextForm {
  /// Why `text` is not of this form, nil when it is; empty when there is nothing to add to the advice.
  func fault(in text: String) -> String? {
    guard !text.isEmpty, text.utf8.count <= 2048, !text.unicodeScalars.contains(where: { $0.value < 0x20 })
    else { return "" }
    switch self {
    case .baseURL:
      do throws(ManifestError) { _ = try BaseURLTemplate(parsing: text) } catch { return error.reason }
    case .absoluteURL:
      do throws(ManifestError) {
        guard try BaseURLTemplate(parsing: text).variables.isEmpty else {
          return "variables have no place here"
        }
      } catch { return error.reason }
    case .jsonPath:
      do throws(ManifestError) { _ = try JSONPath(parsing: text) } catch { return error.reason }
    case .routePattern:
      do throws(ManifestError) { _ = try Manifest.RoutePattern(parsing: text) } catch { return error.reason }
    case .regularExpression: return (try? Regex(text)) == nil ? "" : nil
    case .duration: return Duration(manifest: text) == nil ? "" : nil
    case .rate: return Limits.Rate(manifest: text) == nil ? "" : nil
    case .date: return CalendarDate(text) == nil ? "" : nil
    case .aspectRatio: return AspectRatio(text) == nil ? "" : nil
    case .libraryPath: return Self.isSafePath(text[...], mayBeAbsolute: true) ? nil : ""
    case .relativePath: return Self.isSafePath(text[...], mayBeAbsolute: false) ? nil : ""
    case .requestPath: return Self.isRequestPath(text) ? nil : ""
    case .words, .connectorID, .semanticVersion, .apiVersion, .sha256, .name, .variable, .actionName,
      .platformTuple,
      .scope, .httpMethod, .headerName, .headerValue, .mediaType, .parameterName, .keyTemplate,
      .environmentReference, .environmentName, .mediaTypePattern:
      return matchesPattern(text) ? nil : ""
    }
    return nil
  }

  private func matchesPattern(_ text: String) -> Bool {
    guard let pattern else { return true }
    return Self.known.withLock { known in
      if known.accepted[self]?.contains(text) == true { return true }
      if known.compiled[self] == nil { known.compiled[self] = try? Regex(pattern) }
      guard let regex = known.compiled[self], text.firstMatch(of: regex) != nil else { return false }
      if known.accepted[self, default: []].count >= Known.maximum { known.accepted[self] = [] }
      known.accepted[self, default: []].insert(text)
      return true
    }
  }

  /// Compiling an expression takes far longer than matching a word with it, and that far longer than knowing the
  /// word: manifests have most words in common.
  private struct Known {
    static let maximum = 500

    var compiled: [TextForm: Regex<AnyRegexOutput>] = [:]
    var accepted: [TextForm: Set<String>] = [:]
  }

  private static let known = Mutex(Known())

  private static func isSafePath(_ path: Substring, mayBeAbsolute: Bool) -> Bool {
    if path.hasPrefix("/") { return mayBeAbsolute && isSafePath(path.dropFirst(), mayBeAbsolute: false) }
    return !path.contains("\\")
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "." && $0 != ".."
      }
  }

  private static func isRequestPath(_ path: String) -> Bool {
    path.hasPrefix("/") && !path.hasPrefix("//") && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      && !path.contains("#") && !path.contains("\\")
      && !path.split(separator: "?", maxSplits: 1)[0].split(separator: "/").contains("..")
  }
}
