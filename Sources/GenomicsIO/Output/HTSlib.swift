import CHTSlib

enum HTSlib {
  /// Keeps htslib from printing; touch it before the first call.
  static let silenced: Void = hts_set_log_level(HTS_LOG_OFF)
}
