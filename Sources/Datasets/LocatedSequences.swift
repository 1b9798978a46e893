internal import Genomics
internal import GenomicsIO

extension DatasetInput {
  /// Reads sequences that were cut from a genome as peaks on it: each stands where its bases do.
  ///
  /// A sequence that the genome lacks is dropped, and counted. Of several places the first one counts; negatives and
  /// sites know all of them.
  static func loadLocated(
    _ path: String, genome genomePath: String, length: Int
  ) throws -> LoadedDataset {
    let sequences = try readFASTA(path)
    let genome = try Genome(path: genomePath)
    let places = try SequencePlaces.places(of: sequences.map(\.bases), in: genome)
    var ledger = Ledger(source: path)
    ledger.drop("not found in the genome, base for base", count: places.count(where: \.isEmpty))
    let peaks = zip(sequences, places).compactMap { sequence, places in
      places.first.map { Peak(interval: $0, name: sequence.name) }
    }
    guard !peaks.isEmpty else {
      throw EmptyInputError(
        description:
          "\(ledger); give the genome that the sequences were cut from, or leave --genome out")
    }
    var loaded = try loaded(
      [PeakSet(task: taskName(of: path), peaks: peaks)], ledgers: [ledger], on: genome,
      length: length)
    loaded.peaks = [places.flatMap(\.self)]
    loaded.occupied = loaded.peaks[0]
    let repeated = places.count { $0.count > 1 }
    if repeated > 0 {
      loaded.notes.append(
        "\(repeated) of the sequences stand in several places of the genome: the first one counts")
    }
    return loaded
  }
}
