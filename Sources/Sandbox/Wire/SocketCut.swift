internal import Glibc
internal import NIOCore

/// Ends a connection at the socket: the first handler of the pipeline, below TLS.
final class SocketCut: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// How to end it; sent as an outbound user event.
  enum Order: Sendable {
    case close
    case reset
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?)
  {
    guard let order = event as? Order else {
      context.triggerUserOutboundEvent(event, promise: promise)
      return
    }
    if order == .reset, let socket = context.channel as? any SocketOptionProvider {
      // Lingering for zero seconds makes close() send RST instead of FIN: socket(7), SO_LINGER.
      socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
        context.close(promise: promise)
      }
    } else {
      context.close(promise: promise)
    }
  }
}
