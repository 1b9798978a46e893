internal import Genomics
internal import GenomicsIO

/// The sequences of a genome that variants are on, one after the other.
struct GenomeSources {
  private let genome: Genome
  private let naming: SequenceNaming
  private let windowLength: Int
  /// The name that variants give the sequence they were on last, and that sequence, if there is one.
  private var latest: (name: String, source: SequenceSource?)?

  init(genome: Genome, naming: SequenceNaming, windowLength: Int) {
    (self.genome, self.naming, self.windowLength) = (genome, naming, windowLength)
  }

  /// The sequence that variants call so; `nil` if the genome has none.
  mutating func source(named name: String) -> SequenceSource? {
    if let latest, latest.name == name { return latest.source }
    let source = naming.resolve(name).flatMap {
      SequenceSource(genome: genome, name: $0, margin: 2 * windowLength)
    }
    latest = (name, source)
    return source
  }
}
