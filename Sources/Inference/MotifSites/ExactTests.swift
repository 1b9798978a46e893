internal import Glibc

/// The probability of `count` successes or more among `trials`.
///
/// - Precondition: `0 <= count <= trials`, and the probability is above 0 and below 1.
package func binomialTail(_ count: Int, of trials: Int, probability: Double) -> Double {
  guard count > 0 else { return 1 }
  let logOdds = log(probability) - log1p(-probability)
  let first =
    logChoose(trials, count) + Double(count) * log(probability)
    + Double(trials - count) * log1p(-probability)
  return sumOfTail(from: count, through: trials, logOfFirst: first, logOddsOfNext: logOdds) {
    log(Double(trials - $0) / Double($0 + 1))
  }
}

/// The p-value of Fisher's exact test against fewer successes in the second group: the probability of
/// `count` or more in the first, given the totals.
///
/// - Precondition: `0 <= count <= trials`, and the same of the second group.
package func fisherExact(
  _ count: Int, of trials: Int, against others: Int, of otherTrials: Int
) -> Double {
  let successes = count + others
  let least = max(0, successes - otherTrials)
  guard count > least else { return 1 }
  let first =
    logChoose(trials, count) + logChoose(otherTrials, others)
    - logChoose(trials + otherTrials, successes)
  return sumOfTail(
    from: count, through: min(trials, successes), logOfFirst: first, logOddsOfNext: 0
  ) { count in
    log(Double(trials - count) / Double(count + 1))
      + log(Double(successes - count) / Double(otherTrials - successes + count + 1))
  }
}

/// The sum of the probabilities of `first` to `last`, each made of the one before, relative to the first.
private func sumOfTail(
  from first: Int, through last: Int, logOfFirst: Double, logOddsOfNext: Double,
  logRatio: (Int) -> Double
) -> Double {
  // Terms rise before they fall, so the sum is kept relative to the largest so far.
  var (largest, sum, term) = (logOfFirst, 1.0, logOfFirst)
  for count in first..<last {
    term += logOddsOfNext + logRatio(count)
    if term > largest {
      sum = sum * exp(largest - term) + 1
      largest = term
    } else {
      let share = exp(term - largest)
      sum += share
      if share < 1e-17 { break }
    }
  }
  return min(1, exp(largest + log(sum)))
}

private func logChoose(_ total: Int, _ part: Int) -> Double {
  lgamma(Double(total + 1)) - lgamma(Double(part + 1)) - lgamma(Double(total - part + 1))
}
