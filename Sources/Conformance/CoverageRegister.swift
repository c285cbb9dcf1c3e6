/// Which mutants and tests prove which rules; tests compare it with what is there.
package enum CoverageRegister {
  /// Files of Tests/ConformanceTests/Mutants, by the rule that each breaks.
  static let mutants: [String: [String]] = [
    "O-3": ["O-3-newer-libc", "O-3-no-library", "O-3-plain-path", "O-3-sibling"],
    "O-5": ["O-5-no-entry"],
    "M-1": ["M-1-late-event", "M-1-late-pointer"],
    "M-2": ["M-2-frees-event", "M-2-writes-input"],
    "M-3": ["M-3-changing-table", "M-3-unfinished", "M-3-uses-host-late"],
    "M-4": ["M-4-null-text"],
    "M-5": ["M-5-table-flag", "M-5-unknown-flag"],
    "M-6": ["M-6-exact-struct", "M-6-small-struct", "M-6-small-table"],
    "M-7": ["M-7-empty-slot"],
    "M-8": ["M-8-bad-text", "M-8-cuts-a-letter", "M-8-needs-a-nul", "M-8-unbounded-configuration"],
    "M-9": ["M-9-huge-body"],
    "L-1": ["L-1-changing-descriptor", "L-1-one-thread", "L-1-silent-refusal"],
    "L-2": [
      "L-2-any-configuration", "L-2-garbage-configuration", "L-2-no-instance", "L-2-silent-failure",
      "L-2-strange-configuration",
    ],
    "L-3": ["L-3-lost-operation"],
    "L-6": [
      "L-6-first-account", "L-6-hundred-instances", "L-6-newest-instance", "L-6-only-once",
      "L-6-shared-symbol",
    ],
    "L-7": ["L-7-any-extension"],
    "L-8": ["L-8-effect-in-describe"],
    "S-1": ["S-1-stall"],
    "S-2": ["S-2-answers-strays", "S-2-ends-twice"],
    "S-5": ["S-5-one-batch"],
    "S-6": [
      "S-6-counts-itself", "S-6-counts-the-living", "S-6-last-operation", "S-6-one-id-for-all-events",
      "S-6-process-id", "S-6-uninitialised-bytes",
    ],
    "S-7": ["S-7-asks-before-its-verdict", "S-7-hangs-in-resume", "S-7-spins"],
    "S-8": ["S-8-many-effects", "S-8-no-loop-guard", "S-8-polls-when-late"],
    "S-9": [
      "S-9-long-answer", "S-9-old-state", "S-9-state-conflict", "S-9-status-for-refusal",
      "S-9-status-when-refused", "S-9-steady-clock", "S-9-strange-input", "S-9-strange-status",
      "S-9-two-faults", "S-9-unchecked-memory",
    ],
    "S-13": [
      "S-13-ignores-quota", "S-13-no-cursor", "S-13-record-after-the-checkpoint", "S-13-wrong-stream",
    ],
    "P-1": ["P-1-unknown-format"],
    "P-2": ["P-2-broken-json", "P-2-needs-a-brace-first"],
    "P-3": ["P-3-nested-parts"],
    "P-4": ["P-4-blob-zero"],
    "P-5": ["P-5-bytes-result"],
    "H-1": ["H-1-lower-case"],
    "H-2": ["H-2-line-break"],
    "H-3": [
      "H-3-double-encoding", "H-3-fetches-pictures", "H-3-follows-anywhere", "H-3-other-host",
      "H-3-pasted-input",
    ],
    "K-1": ["K-1-unknown-verb"],
    "R-1": ["R-1-fails-with-ok"],
    "R-2": [
      "R-2-blames-the-input", "R-2-conflict-is-absence", "R-2-drops-the-code", "R-2-forgets-the-refused",
      "R-2-html-is-bad-input", "R-2-limit-is-a-fault", "R-2-signed-out-is-forbidden",
      "R-2-timeout-is-bad-input",
    ],
    "R-3": [
      "R-3-invites-a-repeat", "R-3-one-key-for-all", "R-3-repeats-at-once", "R-3-repeats-by-itself",
      "R-3-writes-first",
    ],
    "D-1": ["D-1-no-health"],
    "D-2": ["D-2-other-id"],
    "D-3": ["D-3-missing-action"],
    "T-1": ["T-1-own-thread", "T-1-thread-local"],
    "T-2": ["T-2-shared-state"],
    "T-3": [
      "T-3-environment", "T-3-environment-in-a-turn", "T-3-exit", "T-3-exit-handler", "T-3-file", "T-3-fork",
      "T-3-prints", "T-3-signal", "T-3-socket", "T-3-thread",
    ],
    "T-4": ["T-4-exception"],
    "T-5": ["T-5-calls-from-a-thread"],
    "X-2": ["X-2-handle-in-a-url"],
    "X-3": ["X-3-open-webhook", "X-3-signs-itself"],
    "X-4": ["X-4-asks-for-a-secret"],
    "E-1": ["E-1-other-major"],
    "E-2": ["E-2-refuses-newer", "E-2-refuses-one-minor"],
    "E-3": ["E-3-refuses-new-members", "E-3-takes-any-kind"],
    "E-6": ["E-6-draft-in-the-id"],
    "E-7": ["E-7-short-extension"],
    "E-11": ["E-11-two-versions"],
  ]

  /// Tests that hold the host to rules that are its own.
  static let hostTests: [String: [String]] = [
    "O-1": ["newerMajorIsNamedWithoutRunningCode"],
    "O-2": [
      "copyAndDirectoriesAreClosedToOthers", "equalContentInOneProcessIsANewGenerationAndInode",
      "damagedOrOpenCopyIsNeverTakenOver",
    ],
    "O-4": ["refusedLibraryStaysMapped"],
    "L-4": ["endIsCalledOnceEvenWhenNobodyAsks", "cancelledAtAnyMomentEndsOnce"],
    "L-5": ["abandonedOperationIsNotEnded", "randomLivesKeepTheRules"],
    "L-9": ["instanceGetsItsConfiguration"],
    "S-3": ["hostFunctionsNeverCallTheConnector"],
    "S-4": ["resultsDuringATurnAreDeliveredTogetherAfterIt"],
    "S-10": ["recordsBeyondTheAllowanceAreRefusedWithQuota"],
    "S-11": ["cancelWithCleanUpDeliversOneEventAndKeepsTheReason"],
    "S-12": ["servicesOfTheHostAnswerInsideATurn", "deadlineCancelsCleansUpAndEnds"],
    "P-6": ["aBoundaryIsTheOperationsOwnAndStandsInNoPart"],
    "H-4": ["statusesWithoutARuleHaveTheirClass", "rawRequestsGetEveryStatusAsOK"],
    "H-5": ["doubtfulEndsAreRepeatedTwiceForReadsAndNeverForWrites"],
    "K-2": ["scopesDoNotSeeEachOther", "limitsAreQuota", "thousandKeysAreEnough"],
    "K-3": ["conditionsDecideAndAConflictTellsWhatIsThere", "versionsStartAtOneAndGrowAlsoAfterADelete"],
    "K-4": ["expiredIsAbsent"],
    "X-1": ["noSecretLeavesTheHost"],
    "E-8": ["headerHasTheLockedLayout"],
  ]

  /// Rules that no run can check, and why.
  static let unchecked: [String: String] = [
    "E-4": "a rule for those who change the header; reviews hold it",
    "E-5": "nothing was given up yet",
    "E-9": "there is one release of the contract",
    "E-10": "a promise about time",
  ]

  /// Cases without a mutant of their own, and why.
  static let unmutated: [String: String] = [
    "B6": "L-6-shared-symbol, with another connector beside it",
    "D4": "perfect.c, whose manifest has no schemas",
    "E5": "G13 asks the same first, and M-3-unfinished falls there",
    "E10": "leaking-operations, beside F8",
    "F8": "leaking-operations",
    "G16": "it holds the host's driver to what the stepped host does",
    "H8": "G1 asks the same first, and T-5-calls-from-a-thread falls there",
    "H10": "a connector in Swift: taskThatLeavesItsOperationIsFound",
    "I1": "G1 asks the same first, and H-3-other-host falls there",
    "M5": "a mixture of G3, G9 and H3, whose mutants fall there",
    "N1": "a measure of this machine",
    "N2": "a measure of this machine",
    "N3": "a measure of this machine",
  ]

  /// Questions that suggest themselves and that no case asks, and why.
  package static let unasked: [(ids: String, question: String, reason: String)] = [
    (
      "A12", "an honest version after a change",
      "it takes two releases: `patchbay verify diff` compares them"
    ),
    (
      "A13", "a licence, a list of parts, a signature",
      "papers about the source are not in the library; a signature is what `--attest` makes"
    ),
    (
      "H7", "a host that forks after loading",
      "forks are trapped in the child that asks; handlers for them are seen among the imports, by A9"
    ),
    (
      "K1 K2 K4 K5 K6", "signatures, replays and handshakes of webhooks",
      "no connector takes part: verifying is the host's, by what K9 makes the manifest declare"
    ),
    (
      "L7, in part", "texts counted by graphemes, or with URLs of a fixed weight",
      "`x-counts` knows code points, UTF-16 and bytes; other weights are known to the connector alone"
    ),
    (
      "N6", "what worker mode costs",
      "there is no worker mode: `isolation: worker` is an error of the manifest, and A1 tells it"
    ),
    (
      "O1 O2 O3 O4", "the platform itself",
      "it takes an account there and a network; children have none"
    ),
  ]
}
