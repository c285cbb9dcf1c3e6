import FoundationEssentials

/// Archives that Python's `gzip`, `zlib` and `tarfile` made.
enum ArchiveSamples {
  /// Forty results of the marker of `order-7`, every third a 404, in two files beside a folder and extended headers;
  /// codes of its own, a file name in its head.
  static let results = bytes(
    """
    H4sICAAAAAAC/2JhdGNoLXJlc3BvbnNlLnRhcgDtmF1r1EAUhnPtrwi57sec+Y4geCVeiXjrFpmPE1xpNyXJYqH0vzu1FXGt2ImO
    I/Q8EJIsm8zhPMmQeSec9+fLfNoUhCW0lF/3icP9A8dGStG0qvkH7OfFTWnI5mlycnpy+vKtu3qNLuJUzv8D3r87F/xH/8A4sKa9
    Iv/F4boN48UF7pYXF+kJaPF8xs8fccJnDfEEmO7nf3fyaR53VeZ/Jbk8fP+V1k3L6P0vzvvrLjVg2c8fwhixe95KJo/abrzEyS3b
    cfdhG9OP3aU/DtEoAcopJfCYdelP6dm5HHfz7VXd9aZbtss5btLJpnuH87ifArZvxqV9Ne53cZMu2NwPtbkb5qa7OWoPh+eMPWJ4
    eGD4bbwbm/2CHoUxvYfDStLx3s9h2npMd/iDonh+USCCxkFovqKox4kSdUXJ/J5wY2NEHWQxUSq/KAEGlGZGFROl64oy+T2RSti0
    RVNMlF1R1ADeh2htMVF95amP5TdFc+QuMHTFTMGKGVmHoLlwvS+mCnhlVyK/K5bZCDwOsZyrFZOydeZ2c1jOlarsSud35dsnBSvn
    asW87Cy4AWSAcq5sZVd9fle8R0BmufhtV84o/6H8h/IfykaeUv7ja+Y/Qv+U/xhO+U+V/OeRWceKVUhQQSkLURb7LuFQ97uEr4iA
    Ym+DTPfQ5XKpFasQFHrwiGjKuZKVXa1IgQYjtEMu+3Ku8lchwAAcV35w5VyZyq7ygyAAiWkbVCjnql9RFQZpQ89iucC3cjQv8pMg
    ENx644MeirkSfEVV99k8K+eqcjov8pMgUEwo5L3l5VypFVU56JUTQpRzVTmgF/lJEOiITPa6V+VcrZiZjQkiAJO6nKu/lNGf0fqQ
    IAiCIAiCIAiCIAiCIAiCIAiCIAiCIAiCIAiCIAiC+L/4ApPeOPcAUAAA
    """)

  /// One file with `[]`, in fixed codes.
  static let fixed = bytes(
    """
    H4sIAAAAAAAA/ytKLS7NKSnWZ6AhMAACMxMTMA0E6DQWtrmJiTGDgikDHUBpcUliEdBKhpEJEvWyivPzaGsH4fg3Qo9/A1MDBgWD
    0finOYiOZRgFo2AUjIJRMApGwSgYBaNgFIyCUTAKRsEoGAWjYBSMglEwCkbBKBgFo2AUjIJRMApGwSgYBaNgFAxRAABcnNt5ACgA
    AA==
    """)

  /// `stored as it is`, not compressed and no tape archive.
  static let stored = bytes(
    """
    H4sIAAAAAAAA/wEPAPD/c3RvcmVkIGFzIGl0IGlzZXjRWg8AAAA=
    """)

  private static func bytes(_ text: String) -> [UInt8] {
    [UInt8](Data(base64Encoded: text.filter { !$0.isWhitespace }) ?? Data())
  }
}
