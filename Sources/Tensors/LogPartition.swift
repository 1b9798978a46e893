internal import Genomics

/// The logarithm of a partition function, and how sure it is.
public struct LogPartition: Equatable, Sendable {
  public let value: Double
  /// The standard error of `value`; 0 if it is exact.
  public let standardError: Double

  package init(exact value: Double) { (self.value, standardError) = (value, 0) }

  /// The estimate of annealed importance sampling: the mean of the chains' weights (Neal 2001).
  ///
  /// - Parameters:
  ///   - start: The logarithm of the partition function that the chains start from.
  ///   - logWeights: Of one chain or more.
  package init(start: Double, logWeights: [Double]) {
    let highest = logWeights.max()!
    let weights = logWeights.map { portableExponential($0 - highest) }
    let chains = Double(weights.count)
    let mean = weights.reduce(0, +) / chains
    let squares = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    value = start + highest + portableLogarithm(mean)
    standardError = (squares / max(1, chains - 1) / chains).squareRoot() / mean
  }
}

/// The logarithm of a sum of exponentials.
package struct LogSum {
  private var highest = -Double.infinity
  private var sum = 0.0

  package init() {}

  package var value: Double { highest + portableLogarithm(sum) }

  package mutating func add(_ logTerm: Double) {
    if logTerm > highest {
      (sum, highest) = (sum * portableExponential(highest - logTerm) + 1, logTerm)
    } else {
      sum += portableExponential(logTerm - highest)
    }
  }
}
