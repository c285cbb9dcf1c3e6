/// How the dispatcher works; the defaults are the product's.
package struct DispatcherSettings: Sendable, Equatable {
  /// Attempts at once; they are tasks, not threads.
  package var concurrency = 256
  package var lease = Duration.seconds(30)
  package var renewEvery = Duration.seconds(10)
  /// The longest time without a look at the queue, for jobs that another process enqueued.
  package var poll = Duration.seconds(1)
  package var misfireAfter = Duration.seconds(60)
  /// How long a stop waits for attempts that were told to suspend.
  package var suspendGrace = Duration.seconds(2)
  /// The first wait after the store failed; it doubles up to ``longestStoreDelay``.
  package var firstStoreDelay = Duration.milliseconds(100)
  package var longestStoreDelay = Duration.seconds(10)

  package init() {}
}
