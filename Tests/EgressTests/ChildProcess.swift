import Foundation
import Synchronization

/// A program that a test runs and talks with line by line, without blocking a thread.
final class ChildProcess: Sendable {
  struct Failure: Error { let status: Int32 }

  private struct State {
    var pending = ""
    var lines: [String] = []
    var isOver = false
    var reader: CheckedContinuation<String?, Never>?
  }

  private let process = Process()
  private let input = Pipe()
  private let state = Mutex(State())

  init(_ arguments: [String]) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    output.fileHandleForReading.readabilityHandler = { [weak self] handle in
      self?.receive(handle.availableData)
    }
    try process.run()
  }

  /// Runs a program to its end.
  static func run(_ arguments: [String]) async throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let status = try await withCheckedThrowingContinuation {
      (waiter: CheckedContinuation<Int32, any Error>) in
      process.terminationHandler = { waiter.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { waiter.resume(throwing: error) }
    }
    guard status == 0 else { throw Failure(status: status) }
  }

  /// The next line that it prints, nil at its end.
  func readLine() async -> String? {
    await withCheckedContinuation { reader in
      let ready = state.withLock { state -> String?? in
        if !state.lines.isEmpty { return state.lines.removeFirst() }
        if state.isOver { return .some(nil) }
        state.reader = reader
        return nil
      }
      if let ready { reader.resume(returning: ready) }
    }
  }

  /// Asks it to end.
  ///
  /// Its last line must be `end`: other children may hold its pipes open, so their end tells nothing.
  /// - Returns: the lines before that were not read yet.
  func finish() async -> [String] {
    try? input.fileHandleForWriting.write(contentsOf: Data("end\n".utf8))
    var lines: [String] = []
    while let line = await readLine(), line != "end" { lines.append(line) }
    process.terminate()
    return lines
  }

  private func receive(_ data: Data) {
    let woken = state.withLock { state -> (CheckedContinuation<String?, Never>, String?)? in
      state.pending += String(decoding: data, as: UTF8.self)
      state.isOver = data.isEmpty
      while let end = state.pending.firstIndex(of: "\n") {
        state.lines.append(String(state.pending[..<end]))
        state.pending = String(state.pending[state.pending.index(after: end)...])
      }
      guard let reader = state.reader, state.isOver || !state.lines.isEmpty else { return nil }
      state.reader = nil
      return (reader, state.lines.isEmpty ? nil : state.lines.removeFirst())
    }
    woken?.0.resume(returning: woken?.1)
  }
}
