internal import CPatchbay
internal import ConnectorModel

/// Memory for what one call hands to the host: alive until the arena goes, which is after the call.
@safe
struct Arena: ~Copyable {
  private static let firstBytes = 1_024

  /// Beside the caller's.
  private var blocks: [UnsafeMutableRawPointer] = unsafe []
  /// What is left of the last block.
  private var free: UnsafeMutableRawBufferPointer

  private init(_ first: UnsafeMutableRawBufferPointer) { unsafe free = first }

  deinit { unsafe blocks.forEach { block in unsafe block.deallocate() } }

  /// Lends an arena for one call; what fits in its first block lies on the stack.
  static func with<Result>(_ call: (inout Arena) -> Result) -> Result {
    unsafe withUnsafeTemporaryAllocation(byteCount: firstBytes, alignment: 16) { block in
      var arena = unsafe Arena(block)
      return call(&arena)
    }
  }

  mutating func bytes(_ bytes: [UInt8]) -> patchbay_bytes {
    unsafe bytes.withUnsafeBytes { source in
      unsafe patchbay_bytes(
        ptr: copy(source).map { unsafe UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
        len: source.count)
    }
  }

  mutating func string(_ text: String) -> patchbay_str {
    if text.isEmpty { return unsafe patchbay_str(ptr: nil, len: 0) }
    var text = text
    return text.withUTF8 { utf8 in
      unsafe patchbay_str(
        ptr: copy(UnsafeRawBufferPointer(utf8)).map {
          unsafe UnsafePointer($0.assumingMemoryBound(to: CChar.self))
        },
        len: utf8.count)
    }
  }

  mutating func value<Value>(_ value: Value) -> UnsafePointer<Value> {
    let pointer = unsafe allocate(MemoryLayout<Value>.size)
      .bindMemory(to: Value.self, capacity: 1)
    unsafe pointer.initialize(to: value)
    return unsafe UnsafePointer(pointer)
  }

  mutating func array<Value>(_ values: [Value]) -> UnsafePointer<Value>? {
    guard !values.isEmpty else { return nil }
    let pointer = unsafe allocate(MemoryLayout<Value>.stride * values.count).bindMemory(
      to: Value.self, capacity: values.count)
    for index in values.indices { unsafe (pointer + index).initialize(to: values[index]) }
    return unsafe UnsafePointer(pointer)
  }

  mutating func pairs(_ fields: [HeaderField]) -> UnsafePointer<patchbay_pair>? {
    if fields.isEmpty { return nil }
    var pairs: [patchbay_pair] = unsafe []
    for field in fields {
      unsafe pairs.append(patchbay_pair(name: string(field.name), value: string(field.value)))
    }
    return unsafe array(pairs)
  }

  mutating func payload(_ payload: Payload) -> UnsafePointer<patchbay_payload> {
    var result = unsafe patchbay_payload()
    unsafe result.struct_size = UInt32(MemoryLayout<patchbay_payload>.size)
    switch payload {
    case .json(let json):
      unsafe result.format = UInt32(PATCHBAY_JSON)
      unsafe result.data = bytes(json)
    case .bytes(let data, let contentType):
      unsafe result.format = UInt32(PATCHBAY_BYTES)
      unsafe result.data = bytes(data)
      unsafe result.content_type = string(contentType)
    case .blob(let range, let contentType):
      unsafe result.format = UInt32(PATCHBAY_BLOB)
      unsafe result.blob = range.blob
      unsafe result.blob_offset = range.offset
      unsafe result.blob_length = range.length
      unsafe result.content_type = string(contentType)
    case .multipart(let parts):
      unsafe result.format = UInt32(PATCHBAY_MULTIPART)
      unsafe result.parts = self.parts(parts)
      unsafe result.n_parts = parts.count
    case .concatenation(let parts, let contentType):
      unsafe result.format = UInt32(PATCHBAY_CONCAT)
      unsafe result.parts = self.parts(parts)
      unsafe result.n_parts = parts.count
      unsafe result.content_type = string(contentType)
    }
    return unsafe value(result)
  }

  private mutating func parts(_ parts: [PayloadPart]) -> UnsafePointer<UnsafePointer<patchbay_part>?>? {
    var pointers: [UnsafePointer<patchbay_part>?] = unsafe []
    for part in parts {
      let body: Payload =
        switch part.body {
        case .json(let json): .json(json)
        case .bytes(let bytes, let contentType): .bytes(bytes, contentType: contentType)
        case .blob(let range, let contentType): .blob(range, contentType: contentType)
        }
      var result = unsafe patchbay_part()
      unsafe result.struct_size = UInt32(MemoryLayout<patchbay_part>.size)
      unsafe result.flags = part.base64 ? 1 << 0 : 0
      unsafe result.name = string(part.name)
      unsafe result.filename = string(part.filename)
      unsafe result.body = payload(body)
      unsafe pointers.append(value(result))
    }
    return unsafe array(pointers)
  }

  private mutating func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return nil }
    let place = unsafe allocate(bytes.count)
    unsafe place.copyMemory(from: source, byteCount: bytes.count)
    return unsafe place
  }

  private mutating func allocate(_ count: Int) -> UnsafeMutableRawPointer {
    // All that is handed over together lies in few blocks; every place in one is aligned for anything.
    let bytes = (max(count, 1) + 15) & ~15
    if unsafe bytes > free.count {
      let size = max(bytes, Self.firstBytes)
      let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      unsafe blocks.append(block)
      unsafe free = UnsafeMutableRawBufferPointer(start: block, count: size)
    }
    defer { unsafe free = UnsafeMutableRawBufferPointer(rebasing: free[bytes...]) }
    return unsafe free.baseAddress ?? blocks[blocks.count - 1]
  }
}
