public import Genomics
public import GenomicsIO
internal import Models

/// What an alternate allele does to two outputs.
public struct ComparedAllele: Equatable, Sendable {
  /// On the scale of the pair, the alternate allele's value less the reference allele's; of the first output and of the
  /// second.
  public let changes: [Double]

  /// How much more the allele adds to the first output than to the second.
  public var difference: Double { changes[0] - changes[1] }
}

/// Compares what variants do to two outputs. Each allele stands in the middle of a window of its model.
public struct PairedVariantScorer: Sendable {
  private let pair: OutputPair
  /// One per model.
  private let scorers: [VariantScorer]

  public init(_ pair: OutputPair, genome: Genome) {
    self.pair = pair
    scorers = zip(pair.models, pair.tracks).map {
      VariantScorer(model: $0, genome: genome, beside: $1)
    }
  }

  /// Scores the alternate alleles of some records.
  ///
  /// - Returns: For each record one per alternate allele, as `VariantScorer` has them.
  /// - Throws: What reading the genome throws.
  public func score(_ variants: [Variant]) throws -> [[Result<ComparedAllele, UnscoredAllele>]] {
    let scored = try scorers.map { try $0.score(variants).map(\.outcomes) }
    return variants.indices.map { record in
      scored[0][record].indices.map { allele in
        Result { () throws(UnscoredAllele) in
          ComparedAllele(
            changes: try pair.outputs.map { output throws(UnscoredAllele) in
              let score = try scored[output.model][record][allele].score
              return pair.value(score.centred.alternate[output.task], of: output)
                - pair.value(score.centred.reference[output.task], of: output)
            })
        }
      }
    }
  }
}

extension ScoredVariant.Outcome {
  fileprivate var score: AlleleScore {
    get throws(UnscoredAllele) {
      switch self {
      case .scored(let score): score
      case .unscored(let reason): throw reason
      }
    }
  }
}

extension UnscoredAllele: Error {}
