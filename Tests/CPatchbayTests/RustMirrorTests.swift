import TestTools
import Testing

/// The starter in Rust mirrors the header by hand; here it is compared with the header, with or without a Rust compiler.
@Suite(.offThePool) struct RustMirrorTests {
  private static let folder = "\(Header.root)/Plugins/Starter/rust/src"

  private static func text(of name: String) -> String {
    String(decoding: readAll("\(folder)/\(name)"), as: UTF8.self)
  }

  /// What a struct of the mirror is called in the header; opaque ones are not in it.
  private static func nameInHeader(_ name: Substring) -> String {
    switch name {
    case "HttpReq": "patchbay_http_req"
    case "OpStart": "patchbay_op_start"
    case "Table": "patchbay_connector"
    default: "patchbay_\(name.lowercased())"
    }
  }

  @Test func structsHaveTheHeadersFieldsInTheirOrder() throws {
    let header = HeaderOutline(of: Header.text)
    var compared = 0
    for block in Self.text(of: "abi.rs").matches(of: #/pub struct (\w+) \{\n([^}]*)\}/#) {
      let name = Self.nameInHeader(block.output.1)
      guard let original = header.structs.first(where: { $0.name == name }), name != "patchbay_host" else {
        continue
      }
      let fields = block.output.2.matches(of: #/pub (\w+):/#).map { String($0.output.1) }
      #expect(fields == original.fields, "\(name)")
      compared += 1
    }
    #expect(compared == 10)
  }

  @Test func sizesAndOffsetsAreTheLockedOnes() throws {
    let lock = String(decoding: readAll(Header.lock), as: UTF8.self)
    let asserts = Self.text(of: "abi.rs").matches(
      of: #/size_of::<(\w+)>\(\) == (\d+) && offset_of!\(\w+, (\w+)\) == (\d+)/#)
    #expect(asserts.count == 7)
    for each in asserts {
      let (_, name, size, field, offset) = each.output
      let heading = "\n\(Self.nameInHeader(name)) size \(size) "
      let start = try #require(lock.firstRange(of: heading), "\(name) has another size")
      let body = lock[start.upperBound...]
      #expect(
        body.split(separator: "\n").dropFirst().prefix { $0.hasPrefix("  ") }
          .contains { $0.hasPrefix("  \(field) at \(offset) ") }, "\(name).\(field)")
    }
  }

  @Test func codesAreTheHeaders() {
    let lock = String(decoding: readAll(Header.lock), as: UTF8.self)
    let codes = Self.text(of: "lib.rs").matches(of: #/pub const (\w+): i32 = (\d+);/#)
    #expect(codes.count == 11)
    for code in codes {
      let name = code.output.1 == "OK" ? "PATCHBAY_OK" : "PATCHBAY_E_\(code.output.1)"
      #expect(lock.contains("\(name) = \(code.output.2)\n"), "\(name)")
    }
  }
}
