/// Compressed answers, as bytes, since nothing here compresses.
enum GzipSample {
  /// 1051 bytes that unpack to 1 MiB: `gzip.compress(bytes(1 << 20), 9, mtime=0)` in Python.
  static let mebibyteOfZeros: [UInt8] =
    [
      0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0xc1, 0x31, 1, 0, 0, 0, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 8, 0x5f,
      0xa0,
    ]
    + [UInt8](repeating: 0, count: 1016) + [0x3e, 3, 0x1c, 0xea, 0x38, 0xa7, 0, 0, 0x10, 0]
}
