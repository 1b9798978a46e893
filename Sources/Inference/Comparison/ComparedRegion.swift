public import Genomics
public import GenomicsIO
internal import Models
internal import Parallel

/// What two outputs say of a region.
public struct ComparedRegion: Equatable, Sendable {
  /// The output of the best window in the region, on the scale of the pair; the first and the second.
  public let values: [Double]
  /// The chance that a shuffled window scores as high as each best window; `nil` without a background.
  public let pValues: [Double]?

  package init(values: [Double], pValues: [Double]?) {
    (self.values, self.pValues) = (values, pValues)
  }

  /// The first value less the second.
  public var difference: Double { values[0] - values[1] }

  /// For each output whether the best window is a site; `nil` without a background.
  public func isCalled(atPValue pValue: Double) -> [Bool]? {
    pValues.map { $0.map { $0 <= pValue } }
  }
}

/// Why a region can't be compared.
public enum IncomparableRegion: Error, Equatable, CustomStringConvertible, Sendable {
  case unreadable(UnreadableRegion)
  case unscorable(UnscorableSequence)

  public var description: String {
    switch self {
    case .unreadable(let reason): reason.description
    case .unscorable(let reason): reason.description
    }
  }
}

extension OutputPair {
  /// Compares regions of a genome, each by its best window for either output.
  ///
  /// - Parameter regions: On sequences of any name; a region shorter than a model's windows is read as one around its
  ///   summit or middle.
  /// - Returns: One for each region, in their order.
  /// - Throws: What reading the genome throws.
  public func compared(
    _ regions: [Peak], in genome: Genome, threads: Int
  ) throws -> [Result<ComparedRegion, IncomparableRegion>] {
    try compared(regions, in: genome, threads: threads) { model, region, sequence in
      model.stretch(scoring: region, on: sequence)
    }
  }

  /// Compares sites, each by the best window for either output that holds it.
  func compared(
    sites: [GenomicInterval], in genome: Genome, threads: Int
  ) throws -> [Result<ComparedRegion, IncomparableRegion>] {
    try compared(sites.map { Peak(interval: $0) }, in: genome, threads: threads) {
      model, site, sequence in
      .success(model.stretch(holding: site.interval, on: sequence))
    }
  }

  /// - Parameter stretch: What of the genome a model reads of a region.
  private func compared(
    _ regions: [Peak], in genome: Genome, threads: Int,
    reading stretch: (Model, Peak, GenomeSequence) -> Result<GenomicInterval, UnreadableRegion>
  ) throws -> [Result<ComparedRegion, IncomparableRegion>] {
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    let sequences = Dictionary(
      genome.sequences.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let scores = try zip(models, tracks).map { model, tracks in
      let reader = SideReader(tracks, for: model)
      let stretches = try regions.map { region -> Result<WindowedSequence, IncomparableRegion> in
        let sequence = naming.resolve(region.interval.sequence).flatMap { sequences[$0] }
        switch sequence.map({ stretch(model, region, $0) }) ?? .failure(.noSuchSequence) {
        case .success(let stretch):
          return .success(try reader.sequence(genome.bases(in: stretch), of: stretch))
        case .failure(let reason): return .failure(.unreadable(reason))
        }
      }
      return SequenceScorer(model).scores(of: stretches, threads: threads)
    }
    return regions.indices.map { region in
      Result { () throws(IncomparableRegion) in
        let read = try outputs.map { output throws(IncomparableRegion) in
          (output, try scores[output.model][region].get().outputs[output.task])
        }
        return ComparedRegion(
          values: read.map { value($1, of: $0) },
          pValues: knowsPValues ? read.map { pValue($1, of: $0) } : nil)
      }
    }
  }
}

extension SequenceScorer {
  /// Scores the sequences that there are.
  fileprivate func scores(
    of sequences: [Result<WindowedSequence, IncomparableRegion>], threads: Int
  ) -> [Result<SequenceScore, IncomparableRegion>] {
    var scored = scores(of: sequences.compactMap { try? $0.get() }, threads: threads)[...]
    return sequences.map { sequence in
      sequence.flatMap { _ in scored.removeFirst().mapError(IncomparableRegion.unscorable) }
    }
  }
}

extension Model {
  /// The windows that hold a site, or the site itself if it is longer than a window.
  fileprivate func stretch(
    holding site: GenomicInterval, on sequence: GenomeSequence
  ) -> GenomicInterval {
    GenomicInterval(
      sequence.name, start: max(0, min(site.start, site.end - windowLength)),
      end: min(sequence.length, max(site.end, site.start + windowLength)))
  }
}
