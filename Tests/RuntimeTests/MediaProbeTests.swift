import Ports
import Testing

@testable import Runtime

@Suite struct MediaProbeTests {
  static func be(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
  static func le(_ number: Int, _ count: Int) -> [UInt8] { be(number, count).reversed() }
  static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  static func png(_ width: Int, _ height: Int) -> [UInt8] {
    [0x89] + text("PNG\r\n\u{1a}\n") + be(13, 4) + text("IHDR") + be(width, 4) + be(height, 4) + [
      8, 6, 0, 0, 0,
    ]
  }
  static func jpeg(_ width: Int, _ height: Int) -> [UInt8] {
    [0xff, 0xd8, 0xff, 0xe0] + be(16, 2) + [UInt8](repeating: 0, count: 14) + [0xff, 0xc4]
      + be(4, 2) + [0, 0]
      + [0xff, 0xff, 0xc2] + be(17, 2) + [8] + be(height, 2) + be(width, 2)
      + [UInt8](repeating: 0, count: 10)
  }
  static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
    be(content.count + 8, 4) + text(type) + content
  }
  static func film(turned: Bool = false, moovFirst: Bool = true, brand: String = "isom") -> [UInt8] {
    let header = box("mvhd", be(0, 12) + be(600, 4) + be(600 * 7 + 300, 4) + be(0, 80))
    let matrix: [UInt8] =
      turned
      ? be(0, 4) + be(65_536, 4) + be(0, 28) : be(65_536, 4) + be(0, 32)
    let track = box("trak", box("tkhd", be(0, 40) + matrix + be(1920 << 16, 4) + be(1080 << 16, 4)))
    let movie = box("moov", header + track)
    let data = box("mdat", [UInt8](repeating: 7, count: 300))
    return box("ftyp", text(brand) + be(0, 4)) + (moovFirst ? movie + data : data + movie)
  }

  static let samples: [(name: String, bytes: [UInt8], facts: MediaProbe.Facts)] = [
    ("png", png(640, 480), .init(type: "image/png", width: 640, height: 480)),
    (
      "gif", text("GIF89a") + le(10, 2) + le(20, 2), .init(type: "image/gif", width: 10, height: 20)
    ),
    ("jpeg", jpeg(1200, 627), .init(type: "image/jpeg", width: 1200, height: 627)),
    (
      "webp with header",
      text("RIFF") + le(50, 4) + text("WEBPVP8X") + le(10, 4) + le(0, 4) + le(99, 3) + le(49, 3),
      .init(type: "image/webp", width: 100, height: 50)
    ),
    (
      "lossless webp",
      text("RIFF") + le(50, 4) + text("WEBPVP8L") + le(10, 4) + [0x2f] + le(99 | 49 << 14, 4),
      .init(type: "image/webp", width: 100, height: 50)
    ),
    (
      "lossy webp",
      text("RIFF") + le(50, 4) + text("WEBPVP8 ") + le(10, 4) + [0, 0, 0, 0x9d, 1, 0x2a]
        + le(100, 2) + le(50, 2),
      .init(type: "image/webp", width: 100, height: 50)
    ),
    ("pdf", text("%PDF-1.7\n"), .init(type: "application/pdf")),
    (
      "mp4", film(), .init(type: "video/mp4", width: 1920, height: 1080, durationMilliseconds: 7500)
    ),
    (
      "mp4 with its index behind", film(moovFirst: false),
      .init(type: "video/mp4", width: 1920, height: 1080, durationMilliseconds: 7500)
    ),
    (
      "turned film", film(turned: true),
      .init(type: "video/mp4", width: 1080, height: 1920, durationMilliseconds: 7500)
    ),
    (
      "mov", film(brand: "qt  "),
      .init(type: "video/quicktime", width: 1920, height: 1080, durationMilliseconds: 7500)
    ),
    ("nothing", [], .init()), ("text", text("hello"), .init()),
  ]

  @Test(arguments: samples.indices) func kindAndSizeAreReadFromTheBytes(_ index: Int) throws {
    let sample = Self.samples[index]
    #expect(try MediaProbe.facts(of: .bytes(sample.bytes)) == sample.facts, "\(sample.name)")
  }

  @Test(arguments: samples.indices) func aFileCutAnywhereIsNoCrash(_ index: Int) throws {
    let bytes = Self.samples[index].bytes
    for count in 0...bytes.count {
      _ = try MediaProbe.facts(of: .bytes(Array(bytes.prefix(count))))
    }
  }

  @Test func noDamageCrashesOrHangsTheProbe() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      guard var bytes = Self.samples.randomElement(using: &random)?.bytes, !bytes.isEmpty else {
        continue
      }
      for _ in 0..<Int.random(in: 1...6) {
        let place = Int.random(in: bytes.indices)
        bytes[place] = [0, 1, 7, 8, 0x7f, 0x80, 0xff].randomElement() ?? 0
      }
      let facts = try MediaProbe.facts(of: .bytes(bytes))
      #expect(
        (facts.width ?? 1) > 0 && (facts.height ?? 1) > 0 && (facts.durationMilliseconds ?? 0) >= 0)
    }
  }

  @Test func endlessSmallBoxesEndAtTheBound() throws {
    var bytes = Self.box("ftyp", Self.text("isom") + Self.be(0, 4))
    for _ in 0..<20_000 { bytes += Self.box("free", []) }
    #expect(try MediaProbe.facts(of: .bytes(bytes)) == .init(type: "video/mp4"))
  }
}
