import TestTools
import Testing

@testable import Vault

@Suite struct OpenSSLCipherTests {
  struct Vector: Sendable {
    let key: String
    let nonce: String
    let plaintext: String
    let associated: String
    let sealed: String
  }

  private static let longKey = String(repeating: "feffe9928665731c6d6a8f9467308308", count: 2)
  private static let longPlaintext =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
  private static let longCiphertext =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"

  /// Test cases 13 to 16 of the GCM specification that SP 800-38D refers to.
  static let vectors = [
    Vector(
      key: zeros(32), nonce: zeros(12), plaintext: "", associated: "",
      sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
      key: zeros(32), nonce: zeros(12), plaintext: zeros(16), associated: "",
      sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
    Vector(
      key: longKey, nonce: "cafebabefacedbaddecaf888", plaintext: longPlaintext, associated: "",
      sealed: longCiphertext + "b094dac5d93471bdec1a502270e3cc6c"),
    Vector(
      key: longKey, nonce: "cafebabefacedbaddecaf888", plaintext: String(longPlaintext.prefix(120)),
      associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      sealed: longCiphertext.prefix(120) + "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  @Test(arguments: vectors)
  func publishedVectorIsSealedAndOpened(_ vector: Vector) throws {
    let key = try #require(keyBytes(vector.key))
    let sealed = try OpenSSLCipher.seal(
      bytes(vector.plaintext), key: key, nonce: bytes(vector.nonce), associated: bytes(vector.associated))
    #expect(hex(sealed) == vector.sealed)
    let opened = try OpenSSLCipher.open(
      sealed[...], key: key, nonce: bytes(vector.nonce)[...], associated: bytes(vector.associated))
    #expect(opened == bytes(vector.plaintext))
  }

  static let python = Tool(named: "python3").flatMap { tool in
    let scratch = ScratchDirectory()
    let asked = tool.run(
      ["-c", "import cryptography.hazmat.primitives.ciphers.aead"], output: scratch.file("python"))
    return asked.code == 0 ? tool : nil
  }

  @Test(.enabled(if: python != nil, "python3 with the package cryptography is not on the PATH"))
  func anotherImplementationOfGCMAgrees() throws {
    let python = try #require(Self.python)
    var arguments: [String] = []
    var expected: [String] = []
    for count in [0, 1, 15, 16, 17, 255, 4096] {
      var raw = try OpenSSLCipher.randomBytes(32)
      let keyText = hex(raw)
      let key = try #require(KeyBytes(taking: &raw))
      let nonce = try OpenSSLCipher.randomBytes(12)
      let plaintext = try OpenSSLCipher.randomBytes(count)
      let associated = try OpenSSLCipher.randomBytes(count % 40)
      arguments.append([keyText, hex(nonce), hex(plaintext), hex(associated)].joined(separator: ","))
      expected.append(
        hex(try OpenSSLCipher.seal(plaintext, key: key, nonce: nonce, associated: associated)))
    }
    let script = """
      import sys
      from cryptography.hazmat.primitives.ciphers.aead import AESGCM
      for line in sys.argv[1:]:
          key, nonce, plain, associated = (bytes.fromhex(part) for part in line.split(","))
          print(AESGCM(key).encrypt(nonce, plain, associated).hex())
      """
    let scratch = ScratchDirectory()
    let answer = python.run(["-c", script] + arguments, output: scratch.file("sealed"))
    #expect(answer.code == 0)
    #expect(answer.printed.split(separator: "\n").map(String.init) == expected)
  }

  @Test func base64IsReadOnlyInItsOneTrueForm() throws {
    let text = Array("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".utf8)
    #expect(OpenSSLCipher.bytes(base64: text, count: 32) == Array(0..<32))
    #expect(OpenSSLCipher.base64(Array(0..<32)) == text)
    for other in [
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", " AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "AAEC",
    ] {
      #expect(OpenSSLCipher.bytes(base64: Array(other.utf8), count: 32) == nil, "\(other)")
    }
  }

  @Test func sha256IsThatOfThePublishedExample() throws {
    #expect(
      hex(try OpenSSLCipher.sha256(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func wipedBytesAreZero() {
    var bytes: [UInt8] = [1, 2, 3]
    OpenSSLCipher.wipe(&bytes)
    #expect(bytes == [0, 0, 0])
    var source = [UInt8](repeating: 7, count: 32)
    let key = KeyBytes(taking: &source)
    #expect(source.allSatisfy { $0 == 0 })
    #expect(key?.reveal { $0 } == [UInt8](repeating: 7, count: 32))
  }
}

private func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

private func keyBytes(_ text: String) -> KeyBytes? {
  var raw = bytes(text)
  return KeyBytes(taking: &raw)
}

private func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
