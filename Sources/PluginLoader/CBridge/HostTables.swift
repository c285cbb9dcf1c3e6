internal import CPatchbay
internal import ConnectorModel
internal import Ports

/// The host's two tables of functions, as connectors see them.
enum HostTables {
  /// The functions of `patchbay_out`; `ctx` is set for each call.
  static var out: patchbay_out {
    unsafe patchbay_out(
      struct_size: UInt32(MemoryLayout<patchbay_out>.size), reserved: 0, ctx: nil,
      http: { context, request in
        guard let slot = unsafe TurnSlot.through(out: context) else { return 0 }
        return slot.pushEffect("http") { () throws(RuleViolation) in
          .http(try slot.reading { memory throws(RuleViolation) in unsafe try memory.httpRequest(request) })
        }
      },
      kv: { context, request in
        guard let slot = unsafe TurnSlot.through(out: context) else { return 0 }
        return slot.pushEffect("kv") { () throws(RuleViolation) in
          .keyValue(
            try slot.reading { memory throws(RuleViolation) in unsafe try memory.keyValueRequest(request) })
        }
      },
      timer: { context, delay in
        guard let slot = unsafe TurnSlot.through(out: context) else { return 0 }
        return slot.pushEffect("timer") { () throws(RuleViolation) in .timer(.milliseconds(delay)) }
      },
      cancel_effect: { context, id in
        unsafe TurnSlot.through(out: context)?.pushCancellation(id)
      },
      emit: { context, stream, payload in
        guard let slot = unsafe TurnSlot.through(out: context) else {
          return OutcomeCode.invalidState.rawValue
        }
        let outcome = slot.pushRecord { () throws(RuleViolation) in
          try slot.reading { memory throws(RuleViolation) in
            (
              unsafe try memory.text(stream, "a stream's name"),
              unsafe try memory.payload(payload, "a record")
            )
          }
        }
        return outcome.rawValue
      },
      complete: { context, payload in
        guard let slot = unsafe TurnSlot.through(out: context) else { return }
        slot.pushEnd("complete") { () throws(RuleViolation) in
          let result = try slot.reading { memory throws(RuleViolation) in
            unsafe try memory.payload(payload, "the result")
          }
          guard case .json = result else { throw RuleViolation("P-5", "the result is not JSON") }
          return .complete(result)
        }
      },
      fail: { context, error in
        guard let slot = unsafe TurnSlot.through(out: context) else { return }
        slot.pushEnd("fail") { () throws(RuleViolation) in
          .fail(try slot.reading { memory throws(RuleViolation) in unsafe try memory.failure(error) })
        }
      })
  }

  /// The table for one library, in memory that is never freed: a connector may keep the pointer too long.
  static func host(_ ledger: ConnectorLedger, minor: UInt16) -> UnsafePointer<patchbay_host> {
    let table = UnsafeMutablePointer<patchbay_host>.allocate(capacity: 1)
    unsafe table.initialize(
      to: patchbay_host(
        struct_size: UInt32(MemoryLayout<patchbay_host>.size), abi_major: UInt16(PATCHBAY_ABI_MAJOR),
        abi_minor: minor, ctx: UnsafeMutableRawPointer(bitPattern: ledger.number),
        log: { context, level, message, fields, count in
          guard let slot = unsafe TurnSlot.through(host: context), slot.takeLogLine() else { return }
          do throws(RuleViolation) {
            let line = try slot.reading { memory throws(RuleViolation) in
              ConnectorLogLine(
                ConnectorLogLine.Level(rawValue: level) ?? .info,
                unsafe try memory.text(message, "a log message"),
                fields: unsafe try memory.pairs(fields, count, "log fields"))
            }
            slot.turn.log(line)
          } catch {
            slot.violate(error)
          }
        },
        log_enabled: { context, _ in unsafe TurnSlot.through(host: context) == nil ? 0 : 1 },
        metric: { context, _, name, _, labels, count in
          // Names have to be declared, and manifests cannot declare any yet: read, checked and dropped.
          guard let slot = unsafe TurnSlot.through(host: context) else { return }
          do throws(RuleViolation) {
            try slot.reading { memory throws(RuleViolation) in
              _ = unsafe try memory.text(name, "a metric's name")
              _ = unsafe try memory.pairs(labels, count, "metric labels")
            }
          } catch {
            slot.violate(error)
          }
        },
        unix_ns: { context in unsafe TurnSlot.through(host: context)?.turn.unixNanoseconds ?? 0 },
        random: { context in unsafe TurnSlot.through(host: context)?.nextRandom() ?? 0 },
        should_stop: { context in
          guard let slot = unsafe TurnSlot.through(host: context) else { return 1 }
          return slot.turn.shouldStop() ? 1 : 0
        },
        extension: { _, _ in nil }))
    return unsafe UnsafePointer(table)
  }
}
