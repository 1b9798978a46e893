public import Genomics

/// Changes of a sequence that leave what binds it mostly as it was: a network that learns from a different one in every epoch
/// leans less on single bases (EvoAug; Lee et al. 2023).
///
/// Lengths are drawn evenly from 0 to the largest one. A sequence keeps its length: what an insertion pushes off its end is
/// lost, and random bases fill what a deletion or a shift leaves at the ends.
public struct Augmentation: Equatable, Sendable {
  /// The chance that a sequence is read from its other strand.
  public var reverseComplement: Float = 0
  /// The most bases by which a sequence moves, either way.
  public var shift = 0
  /// The share of bases that are drawn anew.
  public var mutation: Float = 0
  /// The most random bases that are put in somewhere.
  public var insertion = 0
  /// The most bases that are left out somewhere.
  public var deletion = 0
  /// The most bases that are turned round: replaced by their reverse complement.
  public var inversion = 0
  /// The most bases by which a sequence is rotated, either way: those of one end go to the other.
  public var translocation = 0
  /// The most bases that are made unknown, side by side.
  public var masking = 0
  /// How many of the kinds that are in use change a sequence, drawn for each; that of the strand isn't one of them.
  public var perSequence = 2
  /// The share of the epochs, the last ones, that learn from sequences as they are.
  public var cleanShare: Float = 0.2

  public init() {}

  /// The kinds of which some are drawn for each sequence, in the order in which they are applied.
  private enum Kind: CaseIterable {
    case translocation, deletion, insertion, inversion, mutation, shift, masking
  }

  private func uses(_ kind: Kind) -> Bool {
    switch kind {
    case .translocation: translocation > 0
    case .deletion: deletion > 0
    case .insertion: insertion > 0
    case .inversion: inversion > 0
    case .mutation: mutation > 0
    case .shift: shift > 0
    case .masking: masking > 0
    }
  }

  /// Whether sequences are read from their other strand, which those of RNA and proteins don't have.
  package var turnsStrands: Bool { reverseComplement > 0 || inversion > 0 }

  /// What is out of range, in words; `nil` if nothing is.
  package var problem: String? {
    let lengths = [
      ("shift", shift), ("insertion", insertion), ("deletion", deletion), ("inversion", inversion),
      ("translocation", translocation), ("masking", masking),
    ]
    let problems =
      lengths.map { rangeProblem($0.0, $0.1, 0...100_000) } + [
        rangeProblem("reverseComplement", reverseComplement, 0...1),
        rangeProblem("mutation", mutation, 0...1), rangeProblem("cleanShare", cleanShare, 0...1),
        rangeProblem("perSequence", perSequence, 0...Kind.allCases.count),
      ]
    return problems.lazy.compactMap { $0 }.first
  }

  /// Changes a sequence.
  ///
  /// - Parameter codes: Each of the alphabet's.
  /// - Returns: As many codes.
  public func applied(
    to codes: [UInt8], of alphabet: Alphabet = .dna, using random: inout RandomStream
  ) -> [UInt8] {
    var kinds = Kind.allCases.filter(uses)
    random.shuffle(&kinds)
    let drawn = Set(kinds.prefix(perSequence))
    var changed = codes
    for kind in Kind.allCases where drawn.contains(kind) {
      apply(kind, to: &changed, of: alphabet, using: &random)
    }
    if reverseComplement > 0, random.uniform() < reverseComplement {
      changed = alphabet.reverseComplement(of: changed[...])
    }
    return changed
  }

  private func apply(
    _ kind: Kind, to codes: inout [UInt8], of alphabet: Alphabet, using random: inout RandomStream
  ) {
    let count = codes.count
    func length(_ most: Int) -> Int { random.next(below: min(most, count) + 1) }
    func drawn(_ number: Int) -> [UInt8] { random.letters(number, of: alphabet) }
    func place(_ length: Int) -> Range<Int> { random.place(of: length, in: count) }
    switch kind {
    case .translocation:
      let by = random.next(below: 2) == 0 ? length(translocation) : count - length(translocation)
      codes = Array(codes[by...] + codes[..<by])
    case .deletion:
      let lost = place(length(deletion))
      let before = random.next(below: lost.count + 1)
      codes =
        drawn(before) + codes[..<lost.lowerBound] + codes[lost.upperBound...]
        + drawn(lost.count - before)
    case .insertion:
      let new = drawn(length(insertion))
      let start = random.next(below: count + 1)
      let before = random.next(below: new.count + 1)
      let whole = codes[..<start] + new + codes[start...]
      codes = Array(whole.dropFirst(before).prefix(count))
    case .inversion:
      let turned = place(length(inversion))
      codes.replaceSubrange(turned, with: alphabet.reverseComplement(of: codes[turned]))
    case .mutation:
      for index in codes.indices where random.uniform() < mutation {
        codes[index] = UInt8(random.next(below: alphabet.count))
      }
    case .shift:
      let new = drawn(length(shift))
      codes =
        random.next(below: 2) == 0
        ? new + codes.dropLast(new.count) : codes.dropFirst(new.count) + new
    case .masking:
      let hidden = place(length(masking))
      codes.replaceSubrange(
        hidden, with: [UInt8](repeating: alphabet.unknown, count: hidden.count))
    }
  }
}

extension Augmentation: Codable {
  private enum Key: CodingKey {
    case reverseComplement, shift, mutation, insertion, deletion, inversion, translocation, masking
    case perSequence, cleanShare
  }

  /// Reads an object of which any key may be left out.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func read<Value: Decodable>(_ key: Key, into value: inout Value) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    try read(.reverseComplement, into: &reverseComplement)
    try read(.shift, into: &shift)
    try read(.mutation, into: &mutation)
    try read(.insertion, into: &insertion)
    try read(.deletion, into: &deletion)
    try read(.inversion, into: &inversion)
    try read(.translocation, into: &translocation)
    try read(.masking, into: &masking)
    try read(.perSequence, into: &perSequence)
    try read(.cleanShare, into: &cleanShare)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(reverseComplement, forKey: .reverseComplement)
    try values.encode(shift, forKey: .shift)
    try values.encode(mutation, forKey: .mutation)
    try values.encode(insertion, forKey: .insertion)
    try values.encode(deletion, forKey: .deletion)
    try values.encode(inversion, forKey: .inversion)
    try values.encode(translocation, forKey: .translocation)
    try values.encode(masking, forKey: .masking)
    try values.encode(perSequence, forKey: .perSequence)
    try values.encode(cleanShare, forKey: .cleanShare)
  }
}

extension RandomStream {
  fileprivate mutating func letters(_ number: Int, of alphabet: Alphabet) -> [UInt8] {
    (0..<number).map { _ in UInt8(next(below: alphabet.count)) }
  }

  /// A stretch of a length among `count` positions.
  fileprivate mutating func place(of length: Int, in count: Int) -> Range<Int> {
    let start = next(below: count - length + 1)
    return start..<start + length
  }
}
