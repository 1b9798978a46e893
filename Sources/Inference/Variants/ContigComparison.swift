internal import Genomics
public import GenomicsIO

/// The lengths of sequences that a VCF header states beside those of a genome: another build has other
/// ones.
public struct ContigComparison: Equatable, Sendable {
  /// The number of sequences whose lengths both state.
  public let compared: Int
  /// Those that have another length in the genome, with both lengths.
  public let different: [Difference]

  public struct Difference: Equatable, Sendable {
    /// The sequence as the header has it.
    public let stated: GenomeSequence
    /// Its length in the genome.
    public let found: Int
  }

  public init(_ header: VCFHeader, genome: Genome) {
    let naming = SequenceNaming(known: genome.sequences.map(\.name))
    let pairs = header.contigs.compactMap { contig in
      naming.resolve(contig.name).flatMap(genome.length).map {
        Difference(stated: contig, found: $0)
      }
    }
    compared = pairs.count
    different = pairs.filter { $0.stated.length != $0.found }
  }

  /// Whether the genome is a part of the header's: builds don't differ by half a sequence.
  public var isPart: Bool {
    !different.isEmpty && different.allSatisfy { 2 * $0.found < $0.stated.length }
  }

  /// Whether the header is that of another build: more than half of its sequences have other lengths.
  public var isOfAnotherBuild: Bool { 2 * different.count > compared }
}
