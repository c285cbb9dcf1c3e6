/// Reads Prometheus' text format, strictly: every family has HELP and TYPE once and first, its samples together.
struct PrometheusReader {
  struct Sample: Equatable {
    var name: String
    var labels: [String: String]
    var value: Double
  }

  struct Malformed: Error, CustomStringConvertible {
    var description: String
  }

  private(set) var kinds: [String: String] = [:]
  private(set) var help: [String: String] = [:]
  private(set) var samples: [Sample] = []

  init(_ text: String) throws {
    guard text.isEmpty || text.hasSuffix("\n") else { throw Malformed(description: "no newline at the end") }
    var family = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if line.hasPrefix("# HELP ") {
        let parts = line.dropFirst(7).split(separator: " ", maxSplits: 1)
        family = String(parts[0])
        guard help.updateValue(parts.count > 1 ? String(parts[1]) : "", forKey: family) == nil else {
          throw Malformed(description: "\(family) twice")
        }
      } else if line.hasPrefix("# TYPE ") {
        let parts = line.dropFirst(7).split(separator: " ")
        guard parts.count == 2, parts[0] == family, kinds.updateValue(String(parts[1]), forKey: family) == nil
        else { throw Malformed(description: String(line)) }
      } else {
        let sample = try Self.sample(line)
        let suffixes = kinds[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { sample.name == family + $0 }) else {
          throw Malformed(description: "\(sample.name) under \(family)")
        }
        guard !samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
          throw Malformed(description: "twice: \(line)")
        }
        samples.append(sample)
      }
    }
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { $0.name == name && $0.labels == labels }?.value
  }

  private static func sample(_ line: Substring) throws -> Sample {
    var rest = line
    let name = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    rest = rest.dropFirst(name.count)
    var labels: [String: String] = [:]
    if rest.first == "{" {
      repeat {
        rest = rest.dropFirst()
        let label = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        rest = rest.dropFirst(label.count)
        guard !label.isEmpty, rest.hasPrefix("=\"") else { throw Malformed(description: String(line)) }
        rest = rest.dropFirst(2)
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
          guard character == "\\" else {
            value.append(character)
            continue
          }
          switch rest.popFirst() {
          case "n": value.append("\n")
          case "\\": value.append("\\")
          case "\"": value.append("\"")
          default: throw Malformed(description: "escape in \(line)")
          }
        }
        guard labels.updateValue(value, forKey: label) == nil else {
          throw Malformed(description: String(line))
        }
      } while rest.first == ","
      guard rest.popFirst() == "}" else { throw Malformed(description: String(line)) }
    }
    guard !name.isEmpty, rest.popFirst() == " ", let value = Double(rest.replacing("Inf", with: "inf")) else {
      throw Malformed(description: String(line))
    }
    return Sample(name: name, labels: labels, value: value)
  }
}
