internal import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

extension CalendarDate {
  /// This machine's day, in UTC.
  static var today: CalendarDate { CalendarDate(secondsSince1970: Int64(Date.now.timeIntervalSince1970)) }
}
