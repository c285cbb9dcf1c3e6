import Jobs
import Synchronization
import Testing

@Suite struct AttemptControlTests {
  @Test func ordersAreHeardOnceAndInOrderAlsoThoseBeforeAnybodyListened() {
    let control = AttemptControl()
    let heard = Mutex<[AttemptControl.Order]>([])
    control.give(.cancel)
    control.onOrder { order in heard.withLock { $0.append(order) } }
    control.give(.cancel)
    control.give(.suspend)
    control.give(.stopStoring)
    #expect(heard.withLock { $0 } == [.cancel, .suspend, .stopStoring])
    #expect(control.has(.suspend))
  }
}
