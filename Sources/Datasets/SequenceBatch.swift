public import Genomics
public import Tensors

/// Sequences side by side, as codes: what a network reads.
public struct SequenceBatch: Sendable {
  /// The codes (0…4) of all sequences, one after the other.
  public private(set) var codes: [UInt8] = []
  /// Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`.
  public private(set) var offsets: [Int64] = [0]

  public init() {}

  public init(_ sequences: some Sequence<EncodedSequence>) {
    for sequence in sequences { append(sequence.codes) }
  }

  /// Each window of `length` bases in a stretch of codes.
  public init(windowsOf codes: [UInt8], length: Int) {
    for start in 0...(codes.count - length) { append(codes[start..<start + length]) }
  }

  /// - Parameter minimumLength: Shorter sequences get unknown bases on both sides, centred.
  public init(_ sequences: ArraySlice<EncodedSequence>, minimumLength: Int) {
    offsets.reserveCapacity(sequences.count + 1)
    codes.reserveCapacity(
      sequences.reduce(0) { $0 + max($1.codes.count, minimumLength) })
    for sequence in sequences {
      codes +=
        sequence.codes.count < minimumLength
        ? sequence.padded(to: minimumLength).codes : sequence.codes
      offsets.append(Int64(codes.count))
    }
  }

  /// - Parameter codes: Each 0…4.
  public mutating func append(_ codes: ArraySlice<UInt8>) {
    self.codes += codes
    offsets.append(Int64(self.codes.count))
  }

  /// - Parameter codes: Each 0…4.
  public mutating func append(_ codes: [UInt8]) {
    append(codes[...])
  }

  public mutating func append(contentsOf other: SequenceBatch) {
    offsets += other.offsets.dropFirst().map { $0 + Int64(codes.count) }
    codes += other.codes
  }

  /// The sequences with so many unknown bases before and behind each.
  public func padded(by padding: Int) -> SequenceBatch {
    let unknown = [UInt8](repeating: EncodedSequence.unknown, count: padding)
    var result = SequenceBatch()
    for index in 0..<count { result.append(unknown + codes[range(of: index)] + unknown) }
    return result
  }

  public var count: Int { offsets.count - 1 }

  /// Some of the sequences, in the order of `indices`.
  public func gathered(_ indices: [Int]) -> SequenceBatch {
    var batch = SequenceBatch()
    (batch.codes, batch.offsets) = gatherSequences(indices, codes: codes, offsets: offsets)
    return batch
  }

  /// Shuffles a sequence in place, keeping its dinucleotides, until it differs from an original of the
  /// same length and from its reverse complement, or a few times in vain.
  public mutating func shuffle(
    _ index: Int, awayFrom original: ArraySlice<UInt8>, with shuffler: inout DinucleotideShuffler,
    using random: inout RandomStream
  ) {
    let range = range(of: index)
    for _ in 0..<DinucleotideShuffler.mostDraws {
      var span = codes.mutableSpan
      shuffler.shuffle(&span, in: range, using: &random)
      if !codes[range].isOneOfTheStrands(of: original) { return }
    }
  }

  /// Changes a sequence.
  package mutating func augment(
    _ index: Int, by augmentation: Augmentation, using random: inout RandomStream
  ) {
    let range = range(of: index)
    codes.replaceSubrange(
      range, with: augmentation.applied(to: Array(codes[range]), using: &random))
  }

  /// The positions in `codes` of sequence `index`.
  public func range(of index: Int) -> Range<Int> {
    Int(offsets[index])..<Int(offsets[index + 1])
  }

  /// The length that all sequences share; `nil` if they differ or there is none.
  public var commonLength: Int? {
    guard count > 0 else { return nil }
    let length = range(of: 0).count
    return (1..<count).allSatisfy { range(of: $0).count == length } ? length : nil
  }

  /// The one-hot tensor, `[batch, position, channel]`, channels A, C, G, T; an unknown base is 0.25
  /// in each.
  ///
  /// - Precondition: All sequences have one length.
  public func oneHot() -> Tensor {
    guard let length = commonLength else {
      preconditionFailure("a one-hot tensor of sequences of several lengths")
    }
    let channels = Alphabet.dna.count
    var tensor = Tensor(zeros: [count, length, channels])
    for (position, code) in codes.enumerated() {
      if code == EncodedSequence.unknown {
        for channel in 0..<channels {
          tensor.scalars[position * channels + channel] = 1 / Float(channels)
        }
      } else {
        tensor.scalars[position * channels + Int(code)] = 1
      }
    }
    return tensor
  }

  /// The other strand of each sequence, read in its own direction.
  public var reverseComplement: SequenceBatch {
    var result = SequenceBatch()
    for index in 0..<count {
      result.append(Alphabet.dna.reverseComplement(of: codes[range(of: index)]))
    }
    return result
  }
}
