/// What `patchbay.h` declares: its structs with their fields, and its constants.
///
/// Read from the text itself, so that nothing added to the header can be forgotten in the lock.
struct HeaderOutline: Equatable {
  struct Layout: Equatable {
    var name: String
    var fields: [String]
  }

  var structs: [Layout] = []
  var constants: [String] = []

  init(of header: String) {
    let text = Self.withoutComments(header)
    for line in text.split(separator: "\n") where line.hasPrefix("#define PATCHBAY_") {
      let name = line.dropFirst("#define ".count).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      let rest = line.dropFirst("#define ".count + name.count)
      let hasValue = !rest.allSatisfy(\.isWhitespace) && rest.first != "("
      if hasValue, name != "PATCHBAY_EXPORT" { constants.append(String(name)) }
    }
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{") {
      let declaration = rest[..<open].split(whereSeparator: { $0.isWhitespace || $0 == ";" || $0 == "}" })
      let after = rest.index(after: open)
      // The linkage block of C++ encloses all others: step into it.
      if declaration.last == "\"C\"" {
        rest = rest[after...]
        continue
      }
      let close = rest.firstIndex(of: "}") ?? rest.endIndex
      let body = rest[after..<close]
      if declaration.last == "enum" {
        constants += body.split(separator: ",").compactMap { Self.firstWord($0) }
      } else if declaration.count >= 2, declaration[declaration.count - 2] == "struct" {
        structs.append(Layout(name: String(declaration[declaration.count - 1]), fields: Self.fields(body)))
      }
      rest = close < rest.endIndex ? rest[rest.index(after: close)...] : ""
    }
  }

  /// A C program that prints the layout of everything here.
  var probe: String {
    var lines = ["#include \"patchbay.h\"", "#include <stdio.h>", "int main(void) {"]
    for layout in structs {
      lines.append(
        "printf(\"\(layout.name) size %zu alignment %zu\\n\", sizeof(\(layout.name)), _Alignof(\(layout.name)));"
      )
      for field in layout.fields {
        lines.append(
          "printf(\"  \(field) at %zu size %zu\\n\", offsetof(\(layout.name), \(field)), "
            + "sizeof(((\(layout.name) *)0)->\(field)));")
      }
    }
    for constant in constants {
      lines.append("printf(\"\(constant) = %llu\\n\", (unsigned long long)(\(constant)));")
    }
    return (lines + ["return 0;", "}", ""]).joined(separator: "\n")
  }

  private static func fields(_ body: Substring) -> [String] {
    body.split(separator: ";").flatMap { declaration -> [String] in
      if let function = declaration.firstRange(of: "(*") {
        return [String(declaration[function.upperBound...].prefix { $0 != ")" })]
      }
      return declaration.split(separator: ",").compactMap { lastWord($0) }
    }
  }

  private static func firstWord(_ text: Substring) -> String? {
    text.split(whereSeparator: { !isWord($0) }).first.map(String.init)
  }

  private static func lastWord(_ text: Substring) -> String? {
    text.split(whereSeparator: { !isWord($0) }).last.map(String.init)
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private static func withoutComments(_ text: String) -> String {
    var kept = ""
    var rest = Substring(text)
    while let open = rest.firstRange(of: "/*") {
      kept += rest[..<open.lowerBound]
      guard let close = rest[open.upperBound...].firstRange(of: "*/") else { return kept }
      rest = rest[close.upperBound...]
    }
    return kept + rest
  }
}
