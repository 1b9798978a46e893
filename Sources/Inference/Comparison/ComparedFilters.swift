internal import Datasets
public import Genomics
public import GenomicsIO
internal import Models

/// How much a filter adds to two outputs.
public struct ComparedFilter: Equatable, Sendable {
  public let motif: FilterMotif
  /// The number of its model.
  public let model: Int
  /// How much each output falls, on average, when the filter is silenced; `nil` for the output of another model.
  public let influences: [Double?]

  /// How much more the filter adds to the first output than to the second.
  public var difference: Double { (influences[0] ?? 0) - (influences[1] ?? 0) }
}

extension OutputPair {
  /// The regions that filters are measured on at most, evenly spread: more change influences little.
  private static let mostRegions = 2000

  /// What the filters of the networks add to each output in windows around the middles of regions.
  ///
  /// - Parameter regions: On sequences of the genome's names.
  /// - Returns: The filters with a motif, from the largest difference down.
  /// - Throws: What reading the genome throws; `NoMotifsError`.
  public func filters(
    in regions: [GenomicInterval], of genome: Genome, threads: Int
  ) throws -> [ComparedFilter] {
    let step = max(1, regions.count.dividedRoundingUp(by: Self.mostRegions))
    let chosen = stride(from: 0, to: regions.count, by: step).map { regions[$0] }
    let compared = try models.enumerated().flatMap { number, model in
      let tracks = tracks[number]
      let windows = try chosen.compactMap { region -> EncodedSequence? in
        let sequence = GenomeSequence(
          name: region.sequence, length: genome.length(of: region.sequence) ?? 0)
        guard
          case .success(let window) = model.window(around: Peak(interval: region), on: sequence)
        else { return nil }
        return try tracks.beside(genome.bases(in: window), of: window)
      }
      return try FilterMotifs(of: model.ensemble, positives: windows, threads: threads).motifs.map {
        motif in
        ComparedFilter(
          motif: motif, model: number,
          influences: outputs.map { $0.model == number ? motif.influences[$0.task] : nil })
      }
    }
    return compared.enumerated().sorted {
      (-abs($0.element.difference), $0.offset) < (-abs($1.element.difference), $1.offset)
    }.map(\.element)
  }
}
