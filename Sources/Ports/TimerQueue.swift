/// Timers in the order of their times; those of equal times in the order they were made.
///
/// A value without a clock: whoever owns it says what time it is. A timer that is given up loses its action at once
/// and its place in the heap when its time comes, or earlier when most places are stale.
struct TimerQueue {
  typealias Action = @Sendable () -> Void

  private struct Place {
    let due: UInt64
    let id: UInt64

    func isBefore(_ other: Place) -> Bool { (due, id) < (other.due, other.id) }
  }

  private var heap: [Place] = []
  private var actions: [UInt64: Action] = [:]
  private var lastID: UInt64 = 0

  /// How many timers wait.
  var count: Int { actions.count }

  /// When the next timer falls due; nil when none waits.
  var nextDue: UInt64? {
    mutating get {
      dropStale()
      return heap.first?.due
    }
  }

  /// Adds a timer and returns its id.
  mutating func insert(due: UInt64, _ action: @escaping Action) -> UInt64 {
    lastID += 1
    actions[lastID] = action
    heap.append(Place(due: due, id: lastID))
    rise(from: heap.count - 1)
    return lastID
  }

  /// Gives a timer up; its action is returned so that it can be released outside of any lock.
  mutating func remove(_ id: UInt64) -> Action? {
    let action = actions.removeValue(forKey: id)
    if heap.count > 64, heap.count > 2 * actions.count { compact() }
    return action
  }

  /// Takes the first timer that is due at `now`.
  mutating func takeFirst(dueAt now: UInt64) -> (due: UInt64, action: Action)? {
    dropStale()
    guard let first = heap.first, first.due <= now, let action = actions.removeValue(forKey: first.id) else {
      return nil
    }
    dropFirst()
    return (first.due, action)
  }

  private mutating func dropStale() {
    while let first = heap.first, actions[first.id] == nil { dropFirst() }
  }

  private mutating func dropFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    sink(from: 0)
  }

  private mutating func compact() {
    heap.removeAll { actions[$0.id] == nil }
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(from: index) }
  }

  private mutating func rise(from start: Int) {
    var index = start
    while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func sink(from start: Int) {
    var index = start
    while true {
      var smallest = index
      let left = 2 * index + 1
      if left < heap.count, heap[left].isBefore(heap[smallest]) { smallest = left }
      if left + 1 < heap.count, heap[left + 1].isBefore(heap[smallest]) { smallest = left + 1 }
      if smallest == index { return }
      heap.swapAt(index, smallest)
      index = smallest
    }
  }
}
