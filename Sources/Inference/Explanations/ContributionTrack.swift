public import Genomics

/// The contributions of bases along a genome. A base of several windows has their mean.
public struct ContributionTrack: Sendable {
  /// A run of bases, one after the other.
  public struct Stretch: Equatable, Sendable {
    public let sequence: String
    public let start: Int
    public let values: [Float]
  }

  /// In the order of the genome.
  public let stretches: [Stretch]

  /// - Parameters:
  ///   - windows: Places with a value per base.
  ///   - sequences: The names of all sequences, in the genome's order.
  public init(_ windows: [(place: GenomicInterval, values: [Float])], sequences: [String]) {
    let bySequence = Dictionary(grouping: windows, by: \.place.sequence)
    stretches = sequences.flatMap { name in
      Self.stretches((bySequence[name] ?? []).sorted { $0.place.start < $1.place.start })
    }
  }

  /// - Parameter windows: Of one sequence, in order.
  private static func stretches(_ windows: [(place: GenomicInterval, values: [Float])])
    -> [Stretch]
  {
    var stretches: [Stretch] = []
    var open: (sequence: String, start: Int, sums: [Double], counts: [Int])?
    func close() {
      guard let open else { return }
      let values = zip(open.sums, open.counts).map { Float($0 / Double($1)) }
      stretches.append(Stretch(sequence: open.sequence, start: open.start, values: values))
    }
    for (place, values) in windows {
      if place.start > open.map({ $0.start + $0.sums.count }) ?? -1 {
        close()
        open = (place.sequence, place.start, [], [])
      }
      guard var current = open else { continue }
      let first = place.start - current.start
      let missing = max(0, first + values.count - current.sums.count)
      current.sums += [Double](repeating: 0, count: missing)
      current.counts += [Int](repeating: 0, count: missing)
      for (index, value) in values.enumerated() {
        current.sums[first + index] += Double(value)
        current.counts[first + index] += 1
      }
      open = current
    }
    close()
    return stretches
  }
}
