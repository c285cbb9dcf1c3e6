internal import CYAML

/// What libyaml reads next, with its place.
struct YAMLEvent: Equatable {
  enum Kind: Equatable {
    case streamStart, streamEnd
    /// `declaresTags`: a `%TAG` directive stands before it.
    case documentStart(declaresTags: Bool)
    case documentEnd
    case alias
    case scalar(String, isPlain: Bool)
    case listStart, listEnd
    case mappingStart, mappingEnd
    /// Nothing can be read any more.
    case failure(String)
  }

  var kind: Kind
  var mark: YAMLMark
  var anchor: String?
  var tag: String?
}

/// The one owner of a libyaml parser; frees it and its input at the end.
@safe struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// Calls `yaml_parser_initialize` and `yaml_parser_set_input_string` on a copy of the bytes.
  ///
  /// Nil when memory is short.
  init?(_ bytes: [UInt8]) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      return nil
    }
    let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    _ = unsafe input.initialize(from: bytes)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    unsafe self.parser = parser
    unsafe self.input = input
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// Calls `yaml_parser_parse`; after `streamEnd` or `failure` there is nothing more to ask for.
  mutating func next() -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { return failure() }
    defer { unsafe yaml_event_delete(&event) }
    let mark = YAMLMark(
      line: unsafe Int(event.start_mark.line) + 1, column: unsafe Int(event.start_mark.column) + 1)
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, mark: mark)
    case YAML_DOCUMENT_START_EVENT:
      let tags = unsafe event.data.document_start.tag_directives
      let declaresTags = unsafe tags.start != tags.end
      return YAMLEvent(kind: .documentStart(declaresTags: declaresTags), mark: mark)
    case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
    case YAML_ALIAS_EVENT: return YAMLEvent(kind: .alias, mark: mark)
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let value = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let text = unsafe String(decoding: value, as: UTF8.self)
      return YAMLEvent(
        kind: .scalar(text, isPlain: unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE), mark: mark,
        anchor: unsafe Self.text(scalar.anchor), tag: unsafe Self.text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      return YAMLEvent(
        kind: .listStart, mark: mark, anchor: unsafe Self.text(start.anchor), tag: unsafe Self.text(start.tag)
      )
    case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .listEnd, mark: mark)
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      return YAMLEvent(
        kind: .mappingStart, mark: mark, anchor: unsafe Self.text(start.anchor),
        tag: unsafe Self.text(start.tag))
    case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, mark: mark)
    default: return YAMLEvent(kind: .streamEnd, mark: mark)
    }
  }

  private func failure() -> YAMLEvent {
    let mark = unsafe parser.pointee.problem_mark
    var words = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "memory is short"
    if let context = unsafe parser.pointee.context {
      let line = unsafe parser.pointee.context_mark.line + 1
      words += unsafe " (\(String(cString: context)) that starts on line \(line))"
    }
    return YAMLEvent(
      kind: .failure(words), mark: YAMLMark(line: Int(mark.line) + 1, column: Int(mark.column) + 1))
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }
}
