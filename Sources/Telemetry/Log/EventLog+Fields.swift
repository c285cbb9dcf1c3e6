extension EventLog {
  package enum Level: String, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case warning
    case error

    package static func < (one: Level, other: Level) -> Bool {
      (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
    }
  }

  package enum Format: String, Sendable, CaseIterable {
    case json
    case text
  }

  /// What a line is about; what is absent is left out of it.
  package struct Fields: Sendable, Equatable {
    package var tenantID: String?
    package var connectionID: String?
    package var platform: String?
    package var jobID: String?
    package var cycleID: String?
    package var requestID: String?
    package var status: String?
    package var errorCode: String?
    /// Written as `durationMs`, whole milliseconds.
    package var duration: Duration?
    /// From 1.
    package var attempt: Int?
    package var externalID: String?
    package var httpStatus: Int?

    package init(
      tenantID: String? = nil, connectionID: String? = nil, platform: String? = nil, jobID: String? = nil,
      cycleID: String? = nil, requestID: String? = nil, status: String? = nil, errorCode: String? = nil,
      duration: Duration? = nil, attempt: Int? = nil, externalID: String? = nil, httpStatus: Int? = nil
    ) {
      self.tenantID = tenantID
      self.connectionID = connectionID
      self.platform = platform
      self.jobID = jobID
      self.cycleID = cycleID
      self.requestID = requestID
      self.status = status
      self.errorCode = errorCode
      self.duration = duration
      self.attempt = attempt
      self.externalID = externalID
      self.httpStatus = httpStatus
    }

    /// About what the texts take in memory.
    var textBytes: Int {
      [tenantID, connectionID, platform, jobID, cycleID, requestID, status, errorCode, externalID]
        .reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    }

    mutating func mapTexts(_ change: (String) -> String) {
      tenantID = tenantID.map(change)
      connectionID = connectionID.map(change)
      platform = platform.map(change)
      jobID = jobID.map(change)
      cycleID = cycleID.map(change)
      requestID = requestID.map(change)
      status = status.map(change)
      errorCode = errorCode.map(change)
      externalID = externalID.map(change)
    }
  }
}
