internal import Genomics
internal import Models

/// What is told of bases without a network: what a generative model has to beat.
public enum SequenceBaselines {
  /// The share of bases that the likeliest one by a Markov model is, by the bases before it.
  public static func markovAccuracy(
    order: Int, learning training: [[UInt8]], on test: [[UInt8]]
  ) -> Double {
    let model = MarkovModel(order: order, counting: training, bothStrands: true)
    var (right, bases) = (0, 0)
    for codes in test {
      for (position, code) in codes.enumerated() where code < 4 {
        let chances = model.chances(after: codes[..<position])
        if chances[Int(code)] >= chances.max() { right += 1 }
        bases += 1
      }
    }
    return Double(right) / Double(max(1, bases))
  }

  /// The share of bases that are the most frequent one of their position.
  public static func majorityAccuracy(learning training: [[UInt8]], on test: [[UInt8]]) -> Double {
    let length = (training + test).reduce(0) { max($0, $1.count) }
    var counts = [SIMD4<Double>](repeating: .zero, count: length)
    for codes in training {
      for (position, code) in codes.enumerated() where code < 4 { counts[position][Int(code)] += 1 }
    }
    var (right, bases) = (0, 0)
    for codes in test {
      for (position, code) in codes.enumerated() where code < 4 {
        if counts[position][Int(code)] >= counts[position].max() { right += 1 }
        bases += 1
      }
    }
    return Double(right) / Double(max(1, bases))
  }

  /// The bits per base of Markov models of each order from 0 on, smoothed by what serves held-out sequences best.
  public static func markovBits(
    upTo order: Int, bothStrands: Bool, learning training: [[UInt8]], settling: [[UInt8]],
    on test: [[UInt8]]
  ) -> [Double] {
    var model = MarkovModel(order: order, counting: training, bothStrands: bothStrands)
    model.settleStrengths(by: settling)
    return model.bitsPerBase(of: test)
  }

  /// Sequences of a Markov model, as many and as long as others.
  public static func markovSamples(
    order: Int, learning training: [[UInt8]], like others: [[UInt8]], seed: UInt64
  ) -> [[UInt8]] {
    let model = MarkovModel(order: order, counting: training, strength: 1)
    return others.indices.map { number in
      var random = RandomStream(seed: seed, .samples, number, order)
      var codes: [UInt8] = []
      for _ in others[number] {
        let chances = model.chances(after: codes[...])
        let uniform: Float = random.uniform()
        var (sum, base) = (Float(0), UInt8(0))
        for index in 0..<3 {
          sum += chances[index]
          if uniform >= sum { base += 1 }
        }
        codes.append(base)
      }
      return codes
    }
  }
}
