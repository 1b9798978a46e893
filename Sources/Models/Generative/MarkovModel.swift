internal import Genomics

/// A Markov model of bases: the chances of the next base by the bases before it, for each number of bases up to its order,
/// each smoothed by the one below.
///
/// `p_k(x | c) = (n(c x) + s_k · p_{k-1}(x | c')) / (n(c) + s_k)`, where `c'` is `c` without its first base and `s_k` the
/// strength of the smoothing (Witten & Bell's interpolation with a constant in place of their count).
public struct MarkovModel: Sendable {
  /// The number of bases that the next one depends on.
  public let order: Int
  /// For each order the counts of words of one base more, by their code (two bits per base, the first base highest).
  package private(set) var counts: [[Float]]
  /// The strength of the smoothing of each order.
  public var strengths: [Float]

  public static let usualStrength: Float = 64
  /// The highest order: the counts of words of 13 bases are 268 MB.
  public static let orders = 0...12

  /// Counts the words of sequences.
  ///
  /// - Parameter bothStrands: Whether those of the reverse complements count too.
  public init(
    order: Int, counting sequences: [[UInt8]], bothStrands: Bool = false,
    strength: Float = Self.usualStrength
  ) {
    precondition(Self.orders.contains(order), "order \(order)")
    // A count above 2^24 would stay as it is.
    let width = max(order + 1, Self.leastWidth)
    var words = [Float](repeating: 0, count: 1 << (2 * width))
    for sequence in sequences {
      words.count(sequence, width: width)
      if bothStrands {
        words.count(Alphabet.dna.reverseComplement(of: sequence[...]), width: width)
      }
    }
    self.init(MarkovModel(words: words, order: width - 1, strength: strength), order: order)
  }

  private static let leastWidth = 6

  /// - Parameter words: The counts of words of `order + 1` bases.
  package init(words: [Float], order: Int, strength: Float) {
    self.order = order
    strengths = [Float](repeating: strength, count: order + 1)
    counts = [words]
    // Counts of shorter words are sums over the first base.
    while let longer = counts.first, longer.count > 4 {
      let quarter = longer.count / 4
      counts.insert(
        (0..<quarter).map {
          longer[$0] + longer[quarter + $0] + longer[2 * quarter + $0] + longer[3 * quarter + $0]
        }, at: 0)
    }
  }

  /// The chances of the next base by each order up to that of the model or of what is known.
  ///
  /// - Parameters:
  ///   - context: The code of the bases before, the last one lowest.
  ///   - known: How many of them are known.
  ///   - omitted: A next base whose one occurrence is left out of the counts; `nil` leaves none out.
  ///   - visit: Called with each order.
  @inline(__always)
  func visitChances(
    context: Int, known: Int, omitted: Int?, _ visit: (_ order: Int, SIMD4<Float>) -> Void
  ) {
    var chances = SIMD4<Float>(repeating: 0.25)
    for level in 0...min(order, known) {
      let first = (context & ((1 << (2 * level)) - 1)) << 2
      var own = SIMD4<Float>(
        counts[level][first], counts[level][first + 1], counts[level][first + 2],
        counts[level][first + 3])
      if let omitted { own[omitted] = max(0, own[omitted] - 1) }
      chances = (own + strengths[level] * chances) / (own.sum() + strengths[level])
      visit(level, chances)
    }
  }

  /// The chances of the next base.
  ///
  /// - Parameters:
  ///   - codes: The bases before it; those before an unknown one don't count.
  ///   - omitted: A next base whose one occurrence is left out of the counts.
  public func chances(after codes: ArraySlice<UInt8>, omitting omitted: UInt8? = nil) -> SIMD4<
    Float
  > {
    var (context, known) = (0, 0)
    for code in codes.suffix(order).reversed() {
      guard code < 4 else { break }
      context |= Int(code) << (2 * known)
      known += 1
    }
    var result = SIMD4<Float>(repeating: 0.25)
    visitChances(
      context: context, known: known, omitted: omitted.flatMap { $0 < 4 ? Int($0) : nil }
    ) { result = $1 }
    return result
  }

  /// The mean of the base's chance's negative logarithm to base 2 over the known bases of sequences, for each order.
  public func bitsPerBase(of sequences: [[UInt8]]) -> [Double] {
    var (bits, bases) = ([Double](repeating: 0, count: order + 1), 0)
    for codes in sequences {
      var (context, known) = (0, 0)
      for code in codes {
        guard code < 4 else {
          (context, known) = (0, 0)
          continue
        }
        var last: Float = 0.25
        visitChances(context: context, known: known, omitted: nil) { level, chances in
          last = chances[Int(code)]
          bits[level] -= portableLogarithm(Double(last))
        }
        for level in min(order, known) + 1..<order + 1 where known < order {
          bits[level] -= portableLogarithm(Double(last))
        }
        bases += 1
        context = (context << 2 | Int(code)) & ((1 << (2 * order)) - 1)
        known = min(known + 1, order)
      }
    }
    let scale = 1 / (Double(max(1, bases)) * portableLogarithm(2))
    return bits.map { $0 * scale }
  }

  /// Chooses the strength of each order, the lowest first, by the bits of sequences that weren't counted.
  public mutating func settleStrengths(by sequences: [[UInt8]]) {
    for level in 0...order {
      let found = Self.tried.map { strength -> (bits: Double, strength: Float) in
        var trial = self
        trial.strengths[level] = strength
        return (trial.cut(to: level).bitsPerBase(of: sequences)[level], strength)
      }
      strengths[level] = found.min { $0.bits < $1.bits }?.strength ?? Self.usualStrength
    }
  }

  private static let tried: [Float] = [1, 4, 16, 64, 256]

  /// The model of a lower order.
  private func cut(to order: Int) -> MarkovModel { MarkovModel(self, order: order) }

  private init(_ model: MarkovModel, order: Int) {
    self.order = order
    counts = Array(model.counts[...order])
    strengths = Array(model.strengths[...order])
  }
}

extension [Float] {
  /// Counts the words of so many known bases, by their code.
  fileprivate mutating func count(_ codes: [UInt8], width: Int) {
    let mask = (1 << (2 * width)) - 1
    var (word, known) = (0, 0)
    for code in codes {
      known = code < 4 ? known + 1 : 0
      word = (word << 2 | Int(code & 3)) & mask
      if known >= width { self[word] += 1 }
    }
  }
}
