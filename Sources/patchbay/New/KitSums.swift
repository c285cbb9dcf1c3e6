internal import ArgumentParser
internal import PluginLoader

/// The digests of a kit's files, by which a copy can be told from a changed one.
struct KitSums: Sendable {
  /// As `sha256sum` prints them and `sha256sum --check` reads them.
  let text: String
  /// The digest of ``text``: one for the whole kit.
  let digest: String

  /// - Throws: `CommandFailure` when this machine's OpenSSL has no SHA-256.
  init(_ files: [StarterFiles.File]) throws(CommandFailure) {
    do throws(DigestUnavailable) {
      var text = ""
      for file in files { text += "\(try SHA256Digest(of: Array(file.text.utf8)).hex)  \(file.path)\n" }
      self.text = text
      digest = try SHA256Digest(of: Array(text.utf8)).hex
    } catch {
      throw CommandFailure(sentence: "this machine's OpenSSL offers no SHA-256; install a complete OpenSSL 3")
    }
  }

  /// What stands beside the files.
  var readme: String {
    """
    # Patchbay kit \(PatchbayCommand.configuration.version)

    What a connector is built with, copied from the program that wrote it, so that a build fetches nothing. Not to be changed
    here: `sha256sum --check SHA256SUMS` in this folder tells whether it was. Apache-2.0, see LICENSE.

    - version: \(PatchbayCommand.configuration.version)
    - sha256 of SHA256SUMS: `\(digest)`

    A newer kit: run `patchbay new` of a newer program into an empty folder and copy its `Vendor/patchbay-kit` over this one. A
    library built with any kit of the same ABI major runs under every host of that major.

    """
  }
}
