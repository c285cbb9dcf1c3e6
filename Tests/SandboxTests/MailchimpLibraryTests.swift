import ConnectorModel
import Foundation
import Testing

@testable import Sandbox

@Suite struct MailchimpLibraryTests {
  var api = MailchimpBench()
  private static let gif = Array("GIF89a".utf8) + [2, 1, 3, 0, 0, 0, 0]

  private mutating func upload(_ name: String, _ bytes: [UInt8]) -> BenchAnswer {
    api.post(
      "/file-manager/files",
      ["name": .string(name), "file_data": .string(Data(bytes).base64EncodedString())])
  }

  @Test mutating func imageIsMeasuredAndServed() {
    let made = upload("a.gif", Self.gif)
    #expect(made["width"] == 258)
    #expect(made["height"] == 3)
    let url = made["full_size_url"]?.text ?? ""
    let path = String(url.dropFirst("https://\(Mailchimp.fileHost)".count))
    let served = api.raw("GET", path, host: Mailchimp.fileHost, headers: []).response
    #expect(served.body == Self.gif)
    #expect(served.header("Content-Type") == "image/gif")
    #expect(api.raw("GET", "/other.gif", host: Mailchimp.fileHost, headers: []).status == 404)
  }

  @Test func jpegIsMeasured() {
    let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC0, 0, 11, 8, 1, 44, 2, 88, 1, 1, 17, 0]
    let shape = ImageShape(jpeg)
    #expect(shape?.width == 600)
    #expect(shape?.height == 300)
    for length in 0..<jpeg.count { _ = ImageShape(Array(jpeg.prefix(length))) }
  }

  @Test mutating func fileOfTenMebibytesIsTakenAndOneByteMoreIsNot() {
    let most = 10 * 1024 * 1024
    let picture = Self.gif + [UInt8](repeating: 0, count: most - Self.gif.count)
    #expect(upload("a.gif", picture).status == 200)
    #expect(upload("a.gif", picture + [0]).fields == ["file_data"])
  }

  @Test(arguments: [
    ("a.gif", "!!!", "file_data"), ("a.gif", "", "file_data"), ("a.gif", "AAAA", "file_data"),
    ("a.exe", "AAAA", "name"), ("a", "AAAA", "name"), ("gif", "AAAA", "name"),
  ])
  mutating func brokenUploadIsRefused(name: String, data: String, field: String) {
    let answer = api.post("/file-manager/files", ["name": .string(name), "file_data": .string(data)])
    #expect(answer.fields == [field])
  }

  @Test mutating func folderMustExist() {
    let file = api.post(
      "/file-manager/files", ["name": "a.txt", "file_data": "AAAA", "folder_id": 77])
    #expect(file.fields == ["folder_id"])
    let template = api.post("/templates", ["name": "T", "html": "<p>a</p>", "folder_id": "none"])
    #expect(template.fields == ["folder_id"])
  }

  @Test mutating func sectionsFillATemplate() {
    let html = "<b mc:edit=\"a\">one</b><i>-</i><div mc:edit=\"b\" class=\"c\">two</div><p mc:edit=\"open\">"
    let id = api.post("/templates", ["name": "T", "html": .string(html)])["id"] ?? 0
    let campaign = api.campaign(html: nil)
    let content = api.put(
      "/campaigns/\(campaign)/content", ["template": ["id": id, "sections": ["b": "TWO", "z": "lost"]]])
    #expect(
      content["html"]?.text
        == "<b mc:edit=\"a\">one</b><i>-</i><div mc:edit=\"b\" class=\"c\">TWO</div><p mc:edit=\"open\">")
    #expect(api.get("/campaigns/\(campaign)")["content_type"] == "template")
  }

  @Test(arguments: [
    ("zip", "UEsDBA==", 200), ("zip", "AAAA", 400), ("tar.gz", "H4sIAA==", 200), ("tar.gz", "UEsDBA==", 400),
    ("rar", "UEsDBA==", 400),
  ])
  mutating func archiveMustBeOfItsType(type: String, data: String, status: Int) {
    let campaign = api.campaign(html: nil)
    let archive: JSONValue = ["archive_content": .string(data), "archive_type": .string(type)]
    #expect(api.put("/campaigns/\(campaign)/content", ["archive": archive]).status == status)
  }
}
