internal import CStarter

/// The files that the program carries for `patchbay new`, by their paths in the repository; calls `starter_file_*`.
enum StarterFiles {
  struct File: Sendable {
    var path: String
    var text: String
  }

  /// All of them, in the order of their paths.
  static var all: [File] {
    (0..<starter_file_count()).map { index in
      // Both are texts in static storage that end with a NUL, for every index below the count.
      unsafe File(
        path: String(cString: starter_file_path(index)), text: String(cString: starter_file_text(index)))
    }
  }
}
