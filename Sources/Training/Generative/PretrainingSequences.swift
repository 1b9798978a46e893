internal import Datasets
internal import Genomics
internal import Parallel

/// The sequences that a generative model learns from, and those that it is measured on.
public struct PretrainingSequences: Sendable {
  public var training: [[UInt8]]
  public var validation: [[UInt8]]
  public var test: [[UInt8]]

  /// - Precondition: There are training and validation sequences.
  public init(training: [[UInt8]], validation: [[UInt8]], test: [[UInt8]]) {
    precondition(!training.isEmpty && !validation.isEmpty, "no sequences")
    (self.training, self.validation, self.test) = (training, validation, test)
  }

  /// Divides long sequences, such as chromosomes: of each twenty stretches of so many bases the tenth and the twentieth
  /// are for the test, and the fifth for validation.
  ///
  /// - Parameter stretch: By default 2²⁰ bases, or a fortieth of all, whichever is less.
  public init?(dividing sequences: [[UInt8]], stretch: Int? = nil) {
    let total = sequences.reduce(0) { $0 + $1.count }
    let length = stretch ?? min(1 << 20, max(1, total / 40))
    var sides: [[[UInt8]]] = [[], [], []]
    var number = 0
    for sequence in sequences {
      for start in stride(from: 0, to: sequence.count, by: length) {
        let codes = Array(sequence[start..<min(start + length, sequence.count)])
        let side = number % 10 == 9 ? 2 : number % 20 == 4 ? 1 : 0
        if codes.contains(where: { $0 < 4 }) { sides[side].append(codes) }
        number += 1
      }
    }
    guard sides.allSatisfy({ !$0.isEmpty }) else { return nil }
    (training, validation, test) = (sides[0], sides[1], sides[2])
  }

  /// The same, each cut or filled up with unknown bases to a length.
  public func resized(to length: Int) -> PretrainingSequences {
    func resized(_ sequences: [[UInt8]]) -> [[UInt8]] {
      sequences.map { codes in
        guard codes.count > length else {
          return EncodedSequence(codes: codes).padded(to: length).codes
        }
        let first = (codes.count - length) / 2
        return Array(codes[first..<first + length])
      }
    }
    return PretrainingSequences(
      training: resized(training), validation: resized(validation), test: resized(test))
  }
}

extension ThreadTeam {
  /// Maps parts of sequences, of a fixed size, side by side.
  func mapParts<Result: Sendable>(
    of sequences: [[UInt8]], size: Int = 64,
    _ transform: @escaping @Sendable (_ first: Int, _ part: SequenceBatch) -> Result
  ) -> [Result] {
    map(sequences.count.dividedRoundingUp(by: size)) { part in
      let first = part * size
      var batch = SequenceBatch()
      for codes in sequences[first..<min(first + size, sequences.count)] { batch.append(codes) }
      return transform(first, batch)
    }
  }
}

/// The order of an epoch that reads so many of some examples: all of them before any comes again.
func examplesInTurn(_ count: Int, perEpoch: Int, epoch: Int, seed: UInt64) -> [Int] {
  var orders: [Int: [Int]] = [:]
  return (epoch * perEpoch..<(epoch + 1) * perEpoch).map { place in
    let pass = place / count
    if orders[pass] == nil {
      var order = Array(0..<count)
      var random = RandomStream(seed: seed, .epochOrder, pass)
      random.shuffle(&order)
      orders[pass] = order
    }
    return orders[pass]?[place % count] ?? 0
  }
}
