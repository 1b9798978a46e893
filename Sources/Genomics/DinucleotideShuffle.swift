/// Shuffles sequences so that every dinucleotide stays exactly as frequent as it was.
///
/// A sequence is a walk over a graph whose vertices are letters and whose edges are its
/// dinucleotides. A shuffle is another walk that uses each edge once, drawn with equal probability
/// from all of them (Altschul & Erickson 1985): the last edges out of the letters are a random tree
/// towards the final letter, and whatever else leaves a letter comes in random order. The first and
/// the last base stay in place; an unknown base is a letter like the others.
public struct DinucleotideShuffler: Sendable {
  private var edges = [5 of Edges](repeating: Edges())
  private var treeEdge = [5 of Int](repeating: 0)

  public init() {}

  /// The shuffled sequence, of DNA or RNA, with the same beside it.
  public mutating func shuffled(
    _ bases: EncodedSequence, using random: inout RandomStream
  ) -> EncodedSequence {
    bases.with(codes: shuffled(bases.codes.span, using: &random))
  }

  /// The shuffled codes.
  ///
  /// - Precondition: Every code is 0…4.
  public mutating func shuffled(
    _ codes: Span<UInt8>, using random: inout RandomStream
  ) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: codes.count)
    var span = output.mutableSpan
    for index in codes.indices { span[index] = codes[index] }
    shuffle(&span, in: 0..<codes.count, using: &random)
    return output
  }

  /// Shuffles the sequence `codes[range]` in place, without allocating.
  ///
  /// - Precondition: Every code is 0…4.
  public mutating func shuffle(
    _ codes: inout MutableSpan<UInt8>, in range: Range<Int>, using random: inout RandomStream
  ) {
    guard let last = range.last else { return }
    countEdges(of: codes, in: range)
    drawTree(towards: Int(codes[last]), using: &random)
    var letter = Int(codes[range.lowerBound])
    for position in range.dropFirst() {
      letter =
        edges[letter].count > 0 ? edges[letter].takeAny(using: &random) : treeEdge[letter]
      codes[position] = UInt8(truncatingIfNeeded: letter)
    }
  }

  /// How often a shuffle is drawn until it differs. Every arrangement is as likely as the others, so where
  /// there is one that differs, all draws miss it with a probability of 1/2 to this power at most.
  package static let mostDraws = 32

  /// A shuffle that is neither the sequence nor its reverse complement, the first such one of a few.
  ///
  /// - Returns: `nil` if none was found: the sequence has no other arrangement, as of `ACACAC`.
  public mutating func differingShuffle(
    of bases: EncodedSequence, using random: inout RandomStream
  ) -> EncodedSequence? {
    for _ in 0..<Self.mostDraws {
      let shuffle = shuffled(bases, using: &random)
      if !shuffle.codes[...].isOneOfTheStrands(of: bases.codes[...]) { return shuffle }
    }
    return nil
  }

  /// Whether a sequence has a shuffle that is neither itself nor its reverse complement.
  public mutating func canShuffle(_ bases: EncodedSequence) -> Bool {
    var random = RandomStream(seed: 0, .shuffledNegatives)
    return differingShuffle(of: bases, using: &random) != nil
  }

  private mutating func countEdges(of codes: borrowing MutableSpan<UInt8>, in range: Range<Int>) {
    var counts = [25 of Int32](repeating: 0)
    for position in range.dropFirst() {
      counts[5 * Int(codes[position - 1]) + Int(codes[position])] += 1
    }
    for letter in 0..<5 {
      edges[letter] = Edges { counts[5 * letter + $0] }
    }
  }

  /// Draws the last edge out of each letter but the root and takes it from the other edges.
  ///
  /// Wilson's algorithm (1996): from each letter in turn a random walk to the tree so far; where it
  /// left each letter for the last time is where the tree leaves it. The walks take at most about
  /// letters × edges steps, whatever the sequence.
  private mutating func drawTree(towards root: Int, using random: inout RandomStream) {
    var isInTree = [5 of Bool](repeating: false)
    isInTree[root] = true
    for start in 0..<5 where edges[start].count > 0 {
      var letter = start
      while !isInTree[letter] {
        treeEdge[letter] = edges[letter].any(using: &random)
        letter = treeEdge[letter]
      }
      letter = start
      while !isInTree[letter] {
        isInTree[letter] = true
        let next = treeEdge[letter]
        edges[letter].take(next)
        letter = next
      }
    }
  }
}

extension ArraySlice<UInt8> {
  /// Whether the codes are those of a sequence of the same length, or of its reverse complement.
  package func isOneOfTheStrands(of codes: ArraySlice<UInt8>) -> Bool {
    self == codes || elementsEqual(codes.reversed().lazy.map(Alphabet.dna.complement))
  }
}

/// The edges that leave one letter and have not been walked yet.
private struct Edges {
  /// How many there are.
  private(set) var count: Int32 = 0
  /// Lane `k`: how many of them lead to the letters 0…k.
  private var cumulative = SIMD4<Int32>()

  init() {}

  /// - Parameter countTo: The number of edges to a letter.
  init(_ countTo: (Int) -> Int32) {
    for letter in cumulative.indices {
      count += countTo(letter)
      cumulative[letter] = count
    }
    count += countTo(cumulative.scalarCount)
  }

  /// The letter that a random edge leads to.
  func any(using random: inout RandomStream) -> Int {
    let index = Int32(truncatingIfNeeded: random.next(below: Int(count)))
    return letter(after: steps(pastEdge: index))
  }

  /// Removes a random edge and returns the letter it leads to.
  mutating func takeAny(using random: inout RandomStream) -> Int {
    let index = Int32(truncatingIfNeeded: random.next(below: Int(count)))
    let steps = steps(pastEdge: index)
    cumulative &+= steps
    count -= 1
    return letter(after: steps)
  }

  /// Removes an edge to a letter.
  mutating func take(_ letter: Int) {
    for lane in letter..<cumulative.scalarCount { cumulative[lane] -= 1 }
    count -= 1
  }

  /// -1 in each lane whose cumulative count holds the edge, else 0.
  private func steps(pastEdge index: Int32) -> SIMD4<Int32> {
    SIMD4<Int32>().replacing(with: -1, where: cumulative .> index)
  }

  private func letter(after steps: SIMD4<Int32>) -> Int {
    cumulative.scalarCount + Int(steps.wrappedSum())
  }
}
