/// The numbered rules of docs/abi.md, as `patchbay verify explain` prints them.
///
/// A test compares them with the page, word for word.
package struct ContractRule: Sendable, Equatable {
  package enum Side: String, Sendable { case connector, host, both }

  /// For instance `S-1`.
  package var id: String
  package var side: Side
  package var text: String
}

extension ContractRule {
  package static func named(_ id: String) -> ContractRule? { all.first { $0.id == id } }

  package static let all: [ContractRule] = [
    rule(
      "O-1", .host,
      "No code of a library runs before its manifest is valid and its file has passed steps 2 to 6."),
    rule(
      "O-2", .host,
      "Only the private copy is mapped: a copy and never a link, directory 0700, file 0500, created exclusively, hashed after it was written. Content that is loaded again in the same process gets a new file."
    ),
    rule(
      "O-3", .connector,
      "It needs only libc, libm, libgcc_s, libstdc++ and the dynamic loader, and, if it shares the host's Swift runtime, libraries and symbols of exactly that runtime. It has no siblings: the copy's directory is not its own."
    ),
    rule("O-4", .host, "A mapped library is never unmapped, not even after a refusal."),
    rule("O-5", .connector, "It exports `patchbay_connector_entry_v1`, and should export nothing else."),
    rule(
      "M-1", .both,
      "A pointer is dead when the call that it was passed to returns, in either direction. Who needs the bytes later copies them."
    ),
    rule("M-2", .both, "Nobody frees or resizes memory of the other side."),
    rule(
      "M-3", .both,
      "Exceptions with a longer life: the connector table (for ever), the host table (from `create` until `destroy` returns), extension tables, `patchbay_instance` (until `destroy`), `patchbay_op` (until `end`)."
    ),
    rule(
      "M-4", .both,
      "A pointer is NULL only where the header says so, and the pointer of a string or of bytes only when its length is 0."
    ),
    rule(
      "M-5", .both,
      "Reserved fields are 0. A reader ignores unknown flags in bits 0 to 31 and refuses unknown flags in bits 32 to 63."
    ),
    rule(
      "M-6", .both,
      "Whoever fills a struct sets `struct_size` to its own `sizeof`, at least that of minor 0 and at most 64 KiB; a reader never looks past it. Structs are aligned as the compiler aligns them."
    ),
    rule(
      "M-7", .connector,
      "No function slot of a released minor is NULL; what is not supported answers `PATCHBAY_E_UNSUPPORTED`."),
    rule("M-8", .both, "Strings are UTF-8, without a NUL at the end."),
    rule(
      "M-9", .connector,
      "Sizes have bounds: 64 MiB for a payload and for all that one turn hands over, 64 KiB for a string, 1,024 pairs, 256 parts."
    ),
    rule(
      "L-1", .connector,
      "The entry and `describe` have no side effects, give the same answer each time, and may be called on any thread before all else. The entry returns NULL only after `report->fail` with the reason."
    ),
    rule(
      "L-2", .connector,
      "`create` returns OK and sets `*instance`; or it returns a code, has called `fail` with the same code, and leaves `*instance` alone."
    ),
    rule(
      "L-3", .connector,
      "`begin` sets `*op` unless the turn ended the operation or the machinery failed. It may set it even then."
    ),
    rule(
      "L-4", .host,
      "`destroy` is called once for each instance that `create` made, when none of its operations is alive. `end` is called once for each operation that `begin` set, whatever became of it."
    ),
    rule("L-5", .host, "Nothing is called on an object after its last call."),
    rule(
      "L-6", .connector,
      "`create`, `destroy`, `create` works like the first time. Two instances share nothing that changes."),
    rule(
      "L-7", .both,
      "Extensions of the host may be asked for from `create` on, those of the connector from the entry on."),
    rule(
      "L-8", .connector,
      "In the entry only `fail`, in `describe` and `create` only `complete` and `fail` may be called."),
    rule(
      "L-9", .host,
      "`create` gets `{\"connector\":{\"id\",\"version\"},\"api\":{\"version\"},\"config\":{…}}`. There is one instance for each generation of a library and each manifest, none for each connection."
    ),
    rule(
      "S-1", .connector,
      "When a turn returns, the operation has ended or at least one effect is outstanding. An operation with neither is stalled."
    ),
    rule("S-2", .connector, "`complete` or `fail` is called once, and nothing is pushed after it."),
    rule(
      "S-3", .host,
      "Functions of `patchbay_out` and `patchbay_host` return at once and never call the connector."),
    rule("S-4", .host, "Results come through `resume` only, those of refused effects too."),
    rule(
      "S-5", .both,
      "A `resume` brings one or more results in any order; the connector must not count on any batching."),
    rule("S-6", .connector, "Equal start, events, clock and seed give equal effects, byte for byte."),
    rule(
      "S-7", .connector,
      "A turn returns within its budget: by default counted as slow after 20 ms and stopped after 1 s of CPU time."
    ),
    rule(
      "S-8", .connector,
      "An operation pushes no more effects than its manifest allows, and a turn gives up at most 1,024. Effects beyond it still get an id."
    ),
    rule(
      "S-9", .both,
      "`begin` and `resume` return OK unless the connector's own machinery failed. Then the host drops what the turn pushed, ends the operation with that code and calls `end`. What the platform refused is `out->fail` and OK."
    ),
    rule(
      "S-10", .host,
      "`emit` answers `PATCHBAY_E_QUOTA` when no more records are taken in this turn; that is no violation."),
    rule(
      "S-11", .host,
      "A cancelled operation gets one CANCEL event and a few clean-up turns if the table has `PATCHBAY_CLEANUP`, else only `end`."
    ),
    rule(
      "S-12", .host,
      "The deadline is absolute on the clock of `host.unix_ns`, which stands still during a turn and is the same again on replay. There is no second clock."
    ),
    rule(
      "S-13", .connector,
      "A SYNC operation gets `{cursor, since, until}`, emits to `record` and `checkpoint`, and completes with `{cursor}`. A checkpoint commits the records before it."
    ),
    rule("P-1", .both, "`format` is one of those in the header."),
    rule(
      "P-2", .both,
      "A payload of format JSON, and `detail_json` when it is not empty, is one JSON value in UTF-8, nested at most 512 deep."
    ),
    rule("P-3", .connector, "The body of a part has no parts."),
    rule("P-4", .connector, "A blob handle is not 0, and a range ends within 64 bits."),
    rule("P-5", .connector, "The result of an operation is JSON."),
    rule("P-6", .host, "The boundary of `multipart/form-data` is the host's, and the same again on replay."),
    rule("H-1", .connector, "The method is in upper case: letters and `-`, at most 32."),
    rule("H-2", .connector, "A header's name is a token, its value has no line break and no NUL."),
    rule(
      "H-3", .connector,
      "The URL is a path that starts with `/`, or an absolute URL under the endpoint's base. Endpoint, host, method and auth profile are in the manifest; anything else comes back as an event that says why."
    ),
    rule(
      "H-4", .host,
      "`event.outcome` is the class of the answer by the manifest's `errors`; status, headers and body are delivered too. With `PATCHBAY_HTTP_RAW` it is OK for every status."
    ),
    rule(
      "H-5", .host,
      "A request that changes something is repeated only if nothing of it was sent, or the answer proves that it was not carried out, or the manifest calls it idempotent. One that was cut off comes back as `PATCHBAY_E_UNKNOWN_OUTCOME`."
    ),
    rule("K-1", .connector, "The verb is GET, PUT or DELETE."),
    rule(
      "K-2", .host,
      "The scope is tenant, connection and connector. Keys have 1 to 256 bytes, values at most 64 KiB, a scope 1 MiB and 1,000 keys; beyond it the outcome is `QUOTA`."
    ),
    rule(
      "K-3", .host,
      "`cas` is `PATCHBAY_CAS_ANY`, 0 for \"must not exist\", or the version that must be there; else the outcome is `CONFLICT` with the current version and value. Versions start at 1 and grow, also after a delete."
    ),
    rule(
      "K-4", .host,
      "Accesses that one turn pushed are carried out in that order. What has expired is absent; GET of nothing is `NOT_FOUND`."
    ),
    rule("R-1", .connector, "`fail` carries a code other than OK."),
    rule(
      "R-2", .connector,
      "The code says what the caller should do; a platform's code that the connector does not know is `UPSTREAM`, and is kept in `platform_code`."
    ),
    rule(
      "R-3", .both,
      "A request that may have taken effect is `UNKNOWN_OUTCOME`: look first, never repeat blindly."),
    rule(
      "D-1", .connector,
      "`describe` completes with `{id, version, abi: {major, minor}, actions[], sync[], webhooks[], health, extensions[]}`: names, and a truth value for `health`."
    ),
    rule("D-2", .connector, "Its id and version are those of the table."),
    rule(
      "D-3", .both,
      "It agrees with the manifest in every field; each difference is reported as a sentence of its own."),
    rule(
      "T-1", .both,
      "One thread at a time is inside an operation, perhaps another at each turn: no state in thread-local variables."
    ),
    rule(
      "T-2", .both,
      "Calls into one instance never overlap, unless table (`PATCHBAY_PARALLEL_OPS`) and manifest both allow it."
    ),
    rule(
      "T-3", .connector,
      "No threads, tasks, timers, sockets, processes, signals, `exit`, `setenv`, `chdir`, locale, exit or fork handlers, standard streams or files."
    ),
    rule("T-4", .connector, "No exception and no unwinding leaves the connector."),
    rule(
      "T-5", .connector,
      "Functions of the host are called only on the thread that the host has inside this connector, during that call."
    ),
    rule(
      "X-1", .host,
      "Tokens never enter the connector's memory: a request names an auth profile, the host injects."),
    rule(
      "X-2", .both,
      "A secret that the manifest declares in an answer is replaced by a handle before connector or journal sees the body. A handle is used as `auth: \"<profile>:<handle>\"` and nowhere else."
    ),
    rule("X-3", .both, "Signatures are declared in the manifest and computed by the host."),
    rule("X-4", .both, "Reading a raw secret takes an extension that the manifest asks for."),
    rule(
      "E-1", .both,
      "What is released never changes: fields, slots, numbers, ids, meanings. The major is in the entry's name and in both tables. Structs grow at the end only."
    ),
    rule(
      "E-2", .both,
      "A new slot or field raises the minor, names it (`@since`), and is read through `PATCHBAY_HAS`. Each side uses the lower of both minors and never refuses the other for being newer."
    ),
    rule(
      "E-3", .both,
      "Enumerations that go from connector to host may grow at any time; an unknown code reads as UNKNOWN. Those that go from host to connector get new values only for a peer whose minor knows them."
    ),
    rule(
      "E-4", .both,
      "The same operation in another shape is a new name with a 2, never an old one with a new meaning."),
    rule("E-5", .both, "What is given up keeps a stub for as long as the major lives."),
    rule(
      "E-6", .both,
      "A draft extension has its final id from the first day, and is off unless the host allows it for the connector."
    ),
    rule("E-7", .both, "Ids of extensions by others are reverse domain names."),
    rule(
      "E-8", .both,
      "The header is written by hand. Its layout is locked in `Tests/CPatchbayTests/layout.lock`, and a test compares."
    ),
    rule(
      "E-9", .host,
      "The layout of every release is a prefix of the next. Binaries built with each released kit keep loading, and a new kit runs on the oldest supported host."
    ),
    rule(
      "E-10", .host,
      "Nothing optional goes before four minors or twelve months are over, whichever is longer."),
    rule(
      "E-11", .connector,
      "An incompatible parallel version of a connector has an id of its own, such as `meta.v4`."),
  ]

  private static func rule(_ id: String, _ side: Side, _ text: String) -> ContractRule {
    ContractRule(id: id, side: side, text: text)
  }
}
