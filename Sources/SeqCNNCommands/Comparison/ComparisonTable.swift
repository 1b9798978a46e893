internal import Genomics
internal import Glibc
internal import Inference

/// The table of compared sites or regions.
struct ComparisonTable {
  private let names: [String]
  private let scale: OutputPair.Scale
  private let knowsPValues: Bool
  private let comparison: Comparison

  init(_ pair: OutputPair, _ comparison: Comparison) {
    names = pair.outputs.map(\.name.tableField)
    (scale, knowsPValues, self.comparison) = (pair.scale, pair.knowsPValues, comparison)
  }

  var header: String {
    let null =
      comparison.null.map {
        "normal about \(Float($0.center)) with the standard deviation \(Float($0.spread)), by "
          + "\(grouped($0.regions)) of them"
      } ?? "not known: there are fewer than \(DifferenceNull.fewestRegions)"
    let called =
      knowsPValues
      ? "the outputs whose best window has a p-value against shuffled windows of at most "
        + "\(comparison.callingPValue)"
      : "not known: shuffled windows have nothing beside them"
    return """
      # \(names[0]), \(names[1]): \(scale.words) of the best window for each
      # called: \(called)
      # higher: the output that is higher than regions bound alike have it
      # pvalue: the chance that a region bound alike differs as much; differences of those are \(null)
      #chrom\tstart\tend\tname\tscore\tstrand\t\(names[0])\t\(names[1])\tdifference\thigher\tcalled\tpvalue\tqvalue\treason

      """
  }

  func line(of row: Comparison.Row) -> String {
    let region = row.region
    let center = comparison.null?.center ?? 0
    let higher = row.compared.map { names[$0.difference >= center ? 0 : 1] } ?? "NA"
    let place = [
      region.sequence.tableField, "\(region.start)", "\(region.end)",
      row.name?.tableField ?? higher,
    ]
    guard let compared = row.compared else {
      let missing = [String](repeating: "NA", count: 7)
      return (place + ["0", "."] + missing + [row.problem?.description ?? ""])
        .joined(separator: "\t") + "\n"
    }
    let calls = comparison.calls(row).map { zip(names, $0).filter(\.1).map(\.0) }
    let called = calls.map { $0.isEmpty ? "neither" : $0.joined(separator: ",") } ?? "NA"
    let score = row.pValue.map { Int(min(1000, -10 * log10($0)).rounded()) } ?? 0
    let fields =
      place + ["\(score)", "."]
      + (compared.values + [compared.difference]).map { "\(Float($0))" }
      + [
        higher, called, row.pValue.map { "\(Float($0))" } ?? "NA",
        row.qValue.map { "\(Float($0))" } ?? "NA", "",
      ]
    return fields.joined(separator: "\t") + "\n"
  }
}

extension OutputPair.Scale {
  /// What is compared, in words.
  var words: String {
    switch self {
    case .logOdds: "the log odds of being bound where half of the windows are,"
    case .rank: "-log10 of the p-value against shuffled windows of the genome"
    }
  }
}

/// What a comparison came to.
struct ComparisonSummary: Encodable {
  /// The version of this layout.
  var schema = "seqcnn-compare/1"
  let outputs: [String]
  let scale: OutputPair.Scale
  let regions: Int
  let compared: Int
  /// The regions that are sites for the first output alone, the second alone, and both; missing without p-values against
  /// shuffles.
  var calledFirst, calledSecond, calledBoth: Int?
  let null: DifferenceNull?
  /// The false discovery rate at which regions are said to differ.
  var falseDiscoveryRate = 0.05
  /// The regions that differ and are higher in the first output, or in the second; missing without a null.
  var higherFirst, higherSecond: Int?

  init(_ pair: OutputPair, _ comparison: Comparison) {
    outputs = pair.outputs.map(\.name)
    scale = pair.scale
    regions = comparison.rows.count
    compared = comparison.rows.count { $0.compared != nil }
    null = comparison.null
    if pair.knowsPValues {
      let calls = comparison.rows.map { comparison.calls($0) }
      calledFirst = calls.count { $0 == [true, false] }
      calledSecond = calls.count { $0 == [false, true] }
      calledBoth = calls.count { $0 == [true, true] }
    }
    guard let null else { return }
    let different = comparison.rows.filter { ($0.qValue ?? 1) <= falseDiscoveryRate }
      .compactMap(\.compared)
    higherFirst = different.count { $0.difference > null.center }
    higherSecond = different.count - (higherFirst ?? 0)
  }

  var words: [String] {
    let (first, second) = (outputs[0].escapedForTerminal, outputs[1].escapedForTerminal)
    var called = "\(grouped(compared)) of \(grouped(regions)) compared"
    if let calledFirst, let calledSecond, let calledBoth {
      called +=
        ": \(grouped(calledBoth)) are sites for both, \(grouped(calledFirst)) for \(first) alone, "
        + "\(grouped(calledSecond)) for \(second) alone"
    }
    guard let null, let higherFirst, let higherSecond else {
      return [
        called,
        "no p-values: they need \(DifferenceNull.fewestRegions) regions that are bound alike, with differences that "
          + "vary; give more with --shared",
      ]
    }
    return [
      called,
      "regions bound alike differ by \(fixed(null.center, 2)) ± \(fixed(null.spread, 2)) (median, standard deviation "
        + "by \(grouped(null.regions))); at q-values of at most \(falseDiscoveryRate), \(grouped(higherFirst)) are higher in \(first), "
        + "\(grouped(higherSecond)) in \(second)",
    ]
  }
}
