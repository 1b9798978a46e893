import Glibc

/// The distributions of the sums of a query's columns, for each stretch of consecutive columns.
struct SpanTails {
  /// By first column and number of columns less one: the probability of a sum or a higher one, from 0 to the
  /// highest that occurs.
  private let tails: [[[Double]]]

  /// - Parameter frequencies: By column and score.
  init(frequencies: [[Double]]) {
    tails = frequencies.indices.map { first in
      var distribution = [1.0]
      return frequencies[first...].map { column in
        distribution = convolved(distribution, column)
        return upperTail(of: distribution)
      }
    }
  }

  /// The probability that columns sum to `sum` or more.
  func probability(ofSum sum: Int, columns: Range<Int>) -> Double {
    let tail = tails[columns.lowerBound][columns.count - 1]
    return sum <= 0 ? 1 : sum < tail.count ? tail[sum] : 0
  }
}

/// The distribution of the sum of two independent numbers, without zeros at its end.
private func convolved(_ first: [Double], _ second: [Double]) -> [Double] {
  let highest = second.lastIndex { $0 > 0 } ?? 0
  var sums = [Double](repeating: 0, count: first.count + highest)
  for (value, probability) in second[...highest].enumerated() where probability > 0 {
    for index in first.indices { sums[value + index] += probability * first[index] }
  }
  return sums
}

private func upperTail(of distribution: [Double]) -> [Double] {
  var tail = distribution
  for index in tail.indices.dropLast().reversed() {
    tail[index] = min(1, tail[index] + tail[index + 1])
  }
  return tail
}
