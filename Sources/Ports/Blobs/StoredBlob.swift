/// Bytes that the host holds outside of memory, and what is known of them.
package struct StoredBlob: Sendable, Equatable {
  /// Where the bytes are.
  package enum Content: Sendable, Equatable {
    /// A file that does not change and stays while anything refers to it.
    case file(String)
    /// For scripted hosts and tests.
    case bytes([UInt8])
  }

  package var content: Content
  /// In bytes.
  package var size: UInt64
  /// The media type that the bytes themselves show; `application/octet-stream` when they show none.
  package var type: String
  /// Of the bytes, in lower-case hexadecimal.
  package var sha256: String
  /// In pixels; nil where there is none or it is not known.
  package var width: Int?
  package var height: Int?
  package var durationMilliseconds: Int?

  package init(
    _ content: Content, size: UInt64, type: String, sha256: String, width: Int? = nil,
    height: Int? = nil,
    durationMilliseconds: Int? = nil
  ) {
    self.content = content
    self.size = size
    self.type = type
    self.sha256 = sha256
    self.width = width
    self.height = height
    self.durationMilliseconds = durationMilliseconds
  }
}
