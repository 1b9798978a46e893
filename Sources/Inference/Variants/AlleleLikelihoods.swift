public import Genomics
public import GenomicsIO
public import Models

/// How likely a language model finds the alleles of variants.
public struct AlleleLikelihoods: Sendable {
  private let model: LanguageModel
  private let genome: Genome
  private let naming: SequenceNaming

  public init(_ model: LanguageModel, genome: Genome) {
    (self.model, self.genome) = (model, genome)
    naming = SequenceNaming(known: genome.sequences.map(\.name))
  }

  /// The natural logarithm of how much likelier a sequence with the alternate allele is than that of the reference, from
  /// the allele to as many bases behind it as the model's context has: further ones don't know of it. In the mean of both
  /// strands.
  ///
  /// - Returns: For each alternate allele, or why there is none.
  /// - Throws: What reading the genome throws.
  public func ratios(of variant: Variant) throws -> [Result<Double, UnscoredAllele>] {
    func nothing(_ reason: UnscoredAllele) -> [Result<Double, UnscoredAllele>] {
      variant.alternates.map { _ in .failure(reason) }
    }
    guard let name = naming.resolve(variant.sequence), let length = genome.length(of: name) else {
      return nothing(.noSuchSequence)
    }
    guard let reference = EncodedSequence(variant.reference), variant.position >= 0,
      variant.position + reference.count <= length
    else { return nothing(.referenceMismatch) }
    let end = variant.position + reference.count
    func bases(_ start: Int, _ end: Int) throws -> [UInt8] {
      let range = max(0, start)..<min(length, end)
      guard !range.isEmpty else { return [] }
      return try genome.bases(
        in: GenomicInterval(name, start: range.lowerBound, end: range.upperBound)
      ).codes
    }
    guard try bases(variant.position, end) == reference.codes else {
      return nothing(.referenceMismatch)
    }
    let span = model.settings.context
    let (before, behind) = (
      try bases(variant.position - span, variant.position), try bases(end, end + span)
    )
    func logarithm(_ allele: [UInt8]) -> Double {
      let forward = model.logLikelihoods(of: before + allele + behind).dropFirst(before.count)
      let reverse = model.logLikelihoods(
        of: Alphabet.dna.reverseComplement(of: (before + allele + behind)[...])
      ).dropFirst(behind.count)
      return (forward + reverse).reduce(0) { $0 + Double($1) } / 2
    }
    let known = logarithm(reference.codes)
    return variant.alternates.map { text in
      if let reason = UnscoredAllele(alternate: text) { return .failure(reason) }
      guard let bases = EncodedSequence(text) else { return .failure(.breakend) }
      return .success(logarithm(bases.codes) - known)
    }
  }
}
