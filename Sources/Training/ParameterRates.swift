internal import Genomics
internal import Layers
internal import Networks

extension TrainingConfiguration {
  /// The factor of a parameter's learning rate: that of the longest path in `rates` which it has or which it is in; 1 if there
  /// is none.
  package func rateFactor(ofPath path: String) -> Float {
    let parts = path.split(separator: ".")
    for count in stride(from: parts.count, to: 0, by: -1) {
      if let rate = rates?[parts.prefix(count).joined(separator: ".")] { return rate }
    }
    return 1
  }

  /// The factors of all trained parameters, in their order; empty if all are 1.
  func rateFactors(of holder: some ParameterHolder) -> [Float] {
    guard rates?.isEmpty == false else { return [] }
    var (factors, copy): ([Float], _) = ([], holder)
    copy.visitParameters { path, role, _ in
      if role != .statistic { factors.append(rateFactor(ofPath: path)) }
    }
    return factors
  }

  /// Makes sure that every path of `rates` is that of parameters.
  ///
  /// - Throws: `ConfigurationError`.
  func checkRates(of holder: some ParameterHolder) throws {
    var (paths, copy): ([String], _) = ([], holder)
    copy.visitParameters { path, _, _ in paths.append(path) }
    for known in (rates ?? [:]).keys.sorted()
    where !paths.contains(where: { $0 == known || $0.hasPrefix(known + ".") }) {
      throw ConfigurationError(
        description: "\(known.quoted) is the path of no parameter; the paths are "
          + paths.prefix(12).joined(separator: ", ") + (paths.count > 12 ? ", …" : ""))
    }
  }
}
