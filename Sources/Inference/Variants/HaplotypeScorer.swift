public import Datasets
internal import Genomics
public import GenomicsIO
public import Models
internal import Networks
internal import Tensors

/// What became of the haplotypes at a record.
public enum ScoredHaplotypes: Equatable, Sendable {
  /// One per haplotype.
  case scored([HaplotypeScore])
  case unscored(UnscoredHaplotypes)
}

/// What all changes of a haplotype in a window do together.
public struct HaplotypeScore: Equatable, Sendable {
  /// Those of the reference and of the haplotype.
  public let outputs: AlleleOutputs
  /// How many changes the haplotype's window holds.
  public let changeCount: Int
}

/// Scores the haplotypes of a sample: windows with all changes that a haplotype has there.
///
/// A haplotype's window stands where the window of the record's own allele would stand (`VariantScorer`), or, if it has
/// the reference allele, that of the reference allele. It is compared with the window of the reference allele. A
/// haplotype with no other change in the window so has the scores of its allele.
public struct HaplotypeScorer: Sendable {
  private let model: Model
  private let genome: Genome
  private let naming: SequenceNaming
  private let tracks: [SideTrack]

  /// - Parameter tracks: What the model reads beside sequences, in its order; both windows have the means over that of
  ///   the reference.
  public init(model: Model, genome: Genome, beside tracks: [SideTrack] = []) {
    (self.model, self.genome, self.tracks) = (model, genome, tracks)
    naming = SequenceNaming(known: genome.sequences.map(\.name))
  }

  /// The haplotypes of the records of some lines.
  ///
  /// - Parameter block: That of the lines, read with a sample.
  /// - Throws: What reading the genome throws.
  public func score(_ lines: [Int], of block: PhasedBlock) throws -> [ScoredHaplotypes] {
    var reader = HaplotypeReader(genome: genome, naming: naming, windowLength: model.windowLength)
    let read = try lines.map { try reader.read(line: $0, of: block) }
    let outputs = outputs(
      of: try read.flatMap(\.windows).flatMap { windows in
        try [windows.reference, windows.haplotype].map {
          try tracks.beside(EncodedSequence(codes: $0), of: windows.place)
        }
      })
    var next = 0
    return read.map { record in
      switch record {
      case .unscored(let reason): return .unscored(reason)
      case .windows(let windows):
        return .scored(
          windows.map {
            defer { next += 2 }
            return HaplotypeScore(
              outputs: AlleleOutputs(reference: outputs[next], alternate: outputs[next + 1]),
              changeCount: $0.changeCount)
          })
      }
    }
  }

  /// The outputs of windows, each one per task. Of equal windows near each other one is read.
  private func outputs(of windows: [EncodedSequence]) -> [[Float]] {
    var (different, numbers): ([EncodedSequence], [Int]) = ([], [])
    for window in windows {
      let known = different.suffix(3).lastIndex(of: window)
      numbers.append(known ?? different.count)
      if known == nil { different.append(window) }
    }
    let outputs = model.ensemble.outputs(different, threads: 1).scalars
    let tasks = model.tasks.count
    return numbers.map { Array(outputs[$0 * tasks..<($0 + 1) * tasks]) }
  }
}
