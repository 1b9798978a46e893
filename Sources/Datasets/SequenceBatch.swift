public import Genomics
public import Tensors

/// Sequences side by side, as codes: what a network reads.
public struct SequenceBatch: Sendable {
  /// The codes of all sequences, one after the other.
  public private(set) var codes: [UInt8] = []
  /// The numbers beside each sequence (`EncodedSequence.side`), `[sequence][number]`; empty if there are none.
  public private(set) var side: [Float] = []
  /// That of all sequences.
  public private(set) var alphabet: Alphabet
  /// Sequence `i` is `codes[offsets[i]..<offsets[i + 1]]`.
  public private(set) var offsets: [Int64] = [0]

  public init(alphabet: Alphabet = .dna) { self.alphabet = alphabet }

  /// - Precondition: All sequences have one alphabet.
  public init(_ sequences: some Collection<EncodedSequence>) {
    alphabet = sequences.first?.alphabet ?? .dna
    for sequence in sequences {
      precondition(sequence.alphabet.count == alphabet.count, "sequences of two alphabets")
      append(sequence.codes)
      side += sequence.side
    }
  }

  /// The numbers beside the sequences, `[batch, number]`; `nil` if there are none.
  package var sideTensor: Tensor? {
    side.isEmpty ? nil : Tensor(shape: [count, side.count / count], scalars: side)
  }

  private func side(of index: Int) -> ArraySlice<Float> {
    let numbers = count == 0 ? 0 : side.count / count
    return side[index * numbers..<(index + 1) * numbers]
  }

  /// The sequence of a number.
  public subscript(index: Int) -> EncodedSequence {
    var sequence = EncodedSequence(codes: Array(codes[range(of: index)]), alphabet: alphabet)
    sequence.side = Array(side(of: index))
    return sequence
  }

  /// Each window of `length` bases in a stretch of codes.
  public init(windowsOf codes: [UInt8], length: Int, alphabet: Alphabet = .dna) {
    self.alphabet = alphabet
    for start in 0...(codes.count - length) { append(codes[start..<start + length]) }
  }

  /// - Parameter minimumLength: Shorter sequences get unknown bases on both sides, centred.
  public init(_ sequences: ArraySlice<EncodedSequence>, minimumLength: Int) {
    alphabet = sequences.first?.alphabet ?? .dna
    offsets.reserveCapacity(sequences.count + 1)
    codes.reserveCapacity(
      sequences.indices.reduce(0) { $0 + max(sequences[$1].codes.count, minimumLength) })
    // Read in place: a copy of each would take as long as what is done with it.
    for index in sequences.indices {
      let own = sequences[index].codes
      codes +=
        own.count < minimumLength ? sequences[index].padded(to: minimumLength).codes : own
      offsets.append(Int64(codes.count))
      if !sequences[index].side.isEmpty { side += sequences[index].side }
    }
  }

  /// - Parameter codes: Each of the alphabet's.
  public mutating func append(_ codes: ArraySlice<UInt8>) {
    self.codes += codes
    offsets.append(Int64(self.codes.count))
  }

  /// - Parameters:
  ///   - codes: Each of the alphabet's.
  ///   - numbers: Those beside the sequence, as many as beside the others.
  public mutating func append(_ codes: ArraySlice<UInt8>, beside numbers: [Float]) {
    append(codes)
    side += numbers
  }

  /// - Parameter codes: Each of the alphabet's.
  public mutating func append(_ codes: [UInt8]) {
    append(codes[...])
  }

  public mutating func append(contentsOf other: SequenceBatch) {
    offsets += other.offsets.dropFirst().map { $0 + Int64(codes.count) }
    codes += other.codes
    side += other.side
  }

  /// The sequences with so many unknown bases before and behind each.
  public func padded(by padding: Int) -> SequenceBatch {
    let unknown = [UInt8](repeating: alphabet.unknown, count: padding)
    var result = SequenceBatch(alphabet: alphabet)
    for index in 0..<count { result.append(unknown + codes[range(of: index)] + unknown) }
    result.side = side
    return result
  }

  public var count: Int { offsets.count - 1 }

  /// Some of the sequences, in the order of `indices`.
  public func gathered(_ indices: [Int]) -> SequenceBatch {
    var batch = SequenceBatch(alphabet: alphabet)
    (batch.codes, batch.offsets) = gatherSequences(indices, codes: codes, offsets: offsets)
    if !side.isEmpty { batch.side = indices.flatMap { side(of: $0) } }
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
      range, with: augmentation.applied(to: Array(codes[range]), of: alphabet, using: &random))
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

  /// The one-hot tensor, `[batch, position, channel]`, a channel per letter of the alphabet; an unknown letter has
  /// the same share in each, such as 0.25.
  ///
  /// - Precondition: All sequences have one length.
  public func oneHot() -> Tensor {
    guard let length = commonLength else {
      preconditionFailure("a one-hot tensor of sequences of several lengths")
    }
    let (channels, unknown) = (alphabet.count, alphabet.unknown)
    var tensor = Tensor(zeros: [count, length, channels])
    for (position, code) in codes.enumerated() {
      if code == unknown {
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
  ///
  /// - Precondition: The alphabet has complements.
  public var reverseComplement: SequenceBatch {
    var result = SequenceBatch(alphabet: alphabet)
    for index in 0..<count {
      result.append(alphabet.reverseComplement(of: codes[range(of: index)]))
    }
    return result
  }
}
