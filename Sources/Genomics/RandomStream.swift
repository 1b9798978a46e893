/// What a stream of random numbers is for; streams of different purposes are unrelated.
///
/// The raw values enter every seed: they never change and are never used again.
public enum RandomPurpose: UInt64, CaseIterable, Sendable {
  case initialization = 1
  case shuffledNegatives = 2
  case genomicNegatives = 3
  case split = 4
  case epochOrder = 5
  case dropout = 6
  case background = 8
  case bootstrap = 10
  case kmerNegatives = 11
  case kmerOrder = 12
  case calibration = 13
  case folds = 14
  case trials = 15
  case backgroundVariants = 16
  case references = 17
  case augmentation = 18
  case experiments = 19
  case motifEffects = 20
  case groups = 21
  case simulation = 24
  case generativeWeights = 28
  case latent = 29
  case samples = 30
  case sequenceStrands = 31
  case annealedDesign = 34
  case gibbs = 35
  case chains = 36
  case importance = 37
  case siteScores = 38
  case energyTraining = 39
  case motifResponses = 40
  case knownMotifs = 41
  case tandemRepeats = 42
}

/// Random numbers that depend on a seed and on what they are for, and on nothing else.
///
/// A stream keyed by, say, epoch and example gives the same numbers whichever thread asks first, on
/// every machine and with every Swift version. The generator is xoshiro256** (Blackman & Vigna
/// 2021), its state filled by SplitMix64 (Steele, Lea & Flood 2014).
public struct RandomStream: RandomNumberGenerator, Sendable {
  @usableFromInline var state: (UInt64, UInt64, UInt64, UInt64)

  /// Makes the stream of one purpose and key, such as `(epoch, example)`.
  public init(seed: UInt64, _ purpose: RandomPurpose, _ indices: Int...) {
    var key = SplitMix64(state: seed).hashed(with: purpose.rawValue)
    for index in indices { key = key.hashed(with: UInt64(bitPattern: Int64(index))) }
    state = (key.next(), key.next(), key.next(), key.next())
  }

  /// A generator in the given state.
  ///
  /// - Precondition: The words are not all 0.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(state != (0, 0, 0, 0), "xoshiro256** never leaves the state 0")
    self.state = state
  }

  @inlinable
  public mutating func next() -> UInt64 {
    var (a, b, c, d) = state
    let result = rotated(b &* 5, by: 7) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, by: 45)
    state = (a, b, c, d)
    return result
  }

  /// A whole number in `0..<bound`, each as likely as the others (Lemire 2019).
  ///
  /// - Precondition: `bound > 0`.
  @inlinable
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "a random number below \(bound)")
    let bound = UInt64(bound)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A number in `[0, 1)`: a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in `[0, 1)`: a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A number of mean 0 and variance 1, normally distributed (Marsaglia & Bray 1964, the polar
  /// method).
  public mutating func normal() -> Double {
    while true {
      let x = 2 * (uniform() as Double) - 1
      let y = 2 * (uniform() as Double) - 1
      let square = x * x + y * y
      if square > 0, square < 1 {
        return x * (-2 * portableLogarithm(square) / square).squareRoot()
      }
    }
  }

  /// Puts the elements in random order, every order being as likely (Fisher & Yates; Durstenfeld
  /// 1964).
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, next(below: last + 1))
    }
  }
}

/// The generator that fills the state of `RandomStream`.
package struct SplitMix64 {
  private var state: UInt64

  package init(state: UInt64) {
    self.state = state
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// The generator whose state is a hash of this one's and of a word, one to one in the word.
  fileprivate func hashed(with word: UInt64) -> SplitMix64 {
    var first = self
    return SplitMix64(state: first.next() ^ word)
  }
}

@inlinable
func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
  word &<< count | word &>> (64 - count)
}

/// The natural logarithm of a positive normal number by the series of 2 artanh, to 4 units in the
/// last place.
///
/// C libraries differ in the last bit from one processor to the next; sums, products and quotients
/// do not.
package func portableLogarithm(_ value: Double) -> Double {
  var exponent = Double(value.exponent)
  var significand = value.significand
  if significand > 2.0.squareRoot() {
    significand /= 2
    exponent += 1
  }
  let z = (significand - 1) / (significand + 1)
  var series = 0.0
  for odd in stride(from: 25.0, through: 1, by: -2) { series = series * z * z + 1 / odd }
  return exponent * 0x1.62e42fefa39efp-1 + 2 * z * series
}

/// The exponential function by its series, to 4 units in the last place; 0 below -708, infinite above 709.
///
/// See `portableLogarithm`.
package func portableExponential(_ value: Double) -> Double {
  guard value > -708 else { return value.isNaN ? value : 0 }
  guard value < 709 else { return .infinity }
  let power = (value * 0x1.71547652b82fep0).rounded()
  // The logarithm of 2 in two parts, the first of which has few enough digits for an exact product.
  let rest = (value - power * 0x1.62e42feep-1) - power * 0x1.a39ef35793c76p-33
  var series = 1.0
  for term in stride(from: 13.0, through: 1, by: -1) { series = 1 + rest / term * series }
  return Double(sign: .plus, exponent: Int(power), significand: series)
}
