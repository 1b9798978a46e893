public import Genomics
public import GenomicsIO

/// Regions that two outputs were compared at, and which of them differ.
public struct Comparison: Sendable {
  /// A region and what was found of it.
  public struct Row: Sendable {
    public let region: GenomicInterval
    public let name: String?
    /// `nil` if the region can't be compared; `problem` says why.
    public let compared: ComparedRegion?
    public let problem: IncomparableRegion?
    /// The chance that a region bound alike differs as much, and the false discovery rate at which it is called; `nil`
    /// if there is no null.
    public fileprivate(set) var pValue: Double?
    public fileprivate(set) var qValue: Double?
  }

  public private(set) var rows: [Row]
  /// The p-value against background at which a window is a site.
  public let callingPValue: Double
  /// How far regions differ that are bound alike; `nil` if there are too few to say.
  public let null: DifferenceNull?

  /// - Parameters:
  ///   - regions: The regions, on names of their own.
  ///   - compared: One for each.
  ///   - shared: Regions that both conditions bind alike; `nil` to take the regions themselves for alike in the main, as
  ///     comparisons of ChIP-seq do with common peaks (MAnorm; Shao et al. 2012).
  package init(
    _ regions: [Peak], _ compared: [Result<ComparedRegion, IncomparableRegion>],
    shared: [Result<ComparedRegion, IncomparableRegion>]?, callingPValue: Double
  ) {
    self.callingPValue = callingPValue
    let null = DifferenceNull(
      of: (shared ?? compared).compactMap { try? $0.get().difference })
    self.null = null
    rows = zip(regions, compared).map { region, result in
      var row = Row(
        region: region.interval, name: region.name, compared: try? result.get(),
        problem: result.failure)
      row.pValue = null.flatMap { null in row.compared.map { null.pValue(of: $0.difference) } }
      return row
    }
    let tested = rows.indices.filter { rows[$0].pValue != nil }
    for (index, rate) in zip(tested, benjaminiHochberg(tested.compactMap { rows[$0].pValue })) {
      rows[index].qValue = rate
    }
  }

  /// Which of the outputs call a row's region; `nil` if it can't be compared, and without a background.
  public func calls(_ row: Row) -> [Bool]? {
    row.compared?.isCalled(atPValue: callingPValue)
  }
}

extension OutputPair {
  /// Compares regions of a genome.
  ///
  /// - Parameters:
  ///   - regions: On sequences of any name.
  ///   - shared: Regions that both conditions bind alike; `nil` if those compared are, in the main.
  ///   - callingPValue: The p-value against background at which a window is a site.
  /// - Throws: What reading the genome throws.
  public func comparison(
    of regions: [Peak], shared: [Peak]? = nil, in genome: Genome, callingPValue: Double,
    threads: Int
  ) throws -> Comparison {
    Comparison(
      regions, try compared(regions, in: genome, threads: threads),
      shared: try shared.map { try compared($0, in: genome, threads: threads) },
      callingPValue: callingPValue)
  }

  /// Finds the sites of either output in a genome, and compares both there. Sites that share a base are one.
  ///
  /// - Parameters:
  ///   - shared: As for regions.
  ///   - progress: Told the share of the scans that is done.
  /// - Throws: What reading the genome throws.
  /// - Precondition: The background is known.
  public func comparison(
    ofSitesIn genome: Genome, shared: [Peak]? = nil, callingPValue: Double, threads: Int,
    progress: (Double) -> Void = { _ in }
  ) throws -> Comparison {
    let bases = Double(max(1, genome.sequences.reduce(0) { $0 + $1.length }))
    let found = try models.enumerated().flatMap { number, model in
      try model.sites(
        in: genome.allSequences, of: genome,
        tasks: outputs.filter { $0.model == number }.map(\.task), pValue: callingPValue,
        threads: threads
      ) { progress((Double(number) + Double($0) / bases) / Double(models.count)) }
    }
    let sites = genome.covered(
      by: found.map(\.interval), naming: SequenceNaming(known: genome.sequences.map(\.name)))
    return Comparison(
      sites.map { Peak(interval: $0) }, try compared(sites: sites, in: genome, threads: threads),
      shared: try shared.map { try compared($0, in: genome, threads: threads) },
      callingPValue: callingPValue)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
