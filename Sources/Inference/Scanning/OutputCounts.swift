internal import Genomics
public import Models
internal import Networks
internal import Parallel
internal import Tensors

/// How many windows of a scan have which output, in narrow bins: what q-values need to know of windows that
/// aren't kept.
///
/// 16,384 bins reach from the lowest output of the background sample to a third beyond the
/// rarest, and the outermost ones hold what lies outside. A window counts as having the lowest output of
/// its bin, so that q-values are never too small for it.
public struct OutputCounts: Equatable, Sendable {
  private let distribution: ScoreDistribution
  private let lowest: Float
  private let binsPerUnit: Float
  public private(set) var counts = [Int](repeating: 0, count: binCount)

  private static let binCount = 1 << 14
  private static let binsOfBackground = 3 << 12
  private static let outputsPerBlock = 1 << 16
  /// No genome has more; sums of such counts don't overflow.
  private static let mostWindows = 1 << 40

  /// - Parameter distribution: That of the outputs of background windows.
  public init(against distribution: ScoreDistribution) {
    self.distribution = distribution
    lowest = distribution.quantiles[0]
    let highest = distribution.rare?.last?.score ?? distribution.tail[distribution.tail.count - 1]
    binsPerUnit = highest > lowest ? Float(Self.binsOfBackground) / (highest - lowest) : 1
  }

  /// The number of windows.
  public var total: Int { counts.reduce(0, +) }

  /// Counts every output that is a number.
  public mutating func add(_ outputs: [Float], threads: Int) {
    let size = Self.outputsPerBlock
    let (lowest, binsPerUnit) = (lowest, binsPerUnit)
    let blocks = concurrentMap(outputs.count.dividedRoundingUp(by: size), threads: threads) {
      block in
      var counts = [Int32](repeating: 0, count: Self.binCount)
      for output in outputs[block * size..<min((block + 1) * size, outputs.count)]
      where !output.isNaN {
        counts[Self.bin((output - lowest) * binsPerUnit)] &+= 1
      }
      return counts
    }
    for block in blocks {
      for (bin, count) in block.enumerated() { counts[bin] += Int(count) }
    }
  }

  /// Adds windows to a bin.
  ///
  /// - Returns: Whether there is such a bin.
  public mutating func add(_ count: Int, toBin bin: Int) -> Bool {
    guard counts.indices.contains(bin), 0...Self.mostWindows ~= count else { return false }
    counts[bin] += count
    return true
  }

  /// The least output that any of a bin's windows has.
  func leastOutput(of bin: Int) -> Float {
    bin == 0 ? -.infinity : lowest + Float(bin) / binsPerUnit
  }

  /// The least output from which on all must be exact for windows that score `output` or more to be counted right.
  public func exactOutput(for output: Float) -> Float {
    leastOutput(of: max(0, bin(of: output) - 1))
  }

  func bin(of output: Float) -> Int { Self.bin((output - lowest) * binsPerUnit) }

  private static func bin(_ place: Float) -> Int {
    // A place that is no number, as of bins without a width, is the lowest.
    place > 0 ? Int(min(place, Float(binCount - 1))) : 0
  }

  fileprivate func pValue(ofBin bin: Int) -> Double {
    distribution.pValue(of: leastOutput(of: bin))
  }
}

/// The q-values of a scan: the least false discovery rate, among all windows, at which a window is called
/// (Benjamini & Hochberg 1995; Storey 2002, with all windows taken for background). Windows below the least output
/// that was looked at count, but none of them is called.
public struct QValues: Sendable {
  private let counts: OutputCounts
  /// One per bin.
  private let values: [Double]

  /// - Parameter least: The least output that was looked at.
  public init(_ counts: OutputCounts, from least: Float = -.infinity) {
    self.counts = counts
    let first = counts.bin(of: least)
    let total = Double(counts.total)
    var values = [Double](repeating: 1, count: counts.counts.count)
    var reaching = counts.total
    var rate = 1.0
    for bin in values.indices {
      if reaching > 0, bin >= first {
        rate = min(rate, counts.pValue(ofBin: bin) * total / Double(reaching))
      }
      values[bin] = rate
      reaching -= counts.counts[bin]
    }
    self.values = values
  }

  public subscript(output: Float) -> Double { values[counts.bin(of: output)] }

  /// The least output that is called at a false discovery rate; `nil` if no window is.
  package func leastOutput(atRate rate: Double) -> Float? {
    values.firstIndex { $0 <= rate }.map(counts.leastOutput)
  }
}
