import CHTSlib

enum HTSlib {
  /// Keeps htslib from printing; call it before anything else of htslib.
  static func silence() { precondition(isSilent) }

  /// A value that is read: one that is only touched is optimized away, and the call with it.
  private static let isSilent: Bool = {
    hts_set_log_level(HTS_LOG_OFF)
    return true
  }()
}
