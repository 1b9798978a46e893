internal import Datasets
package import Genomics
internal import Glibc
internal import Models
internal import Networks
internal import Parallel
internal import Tensors

/// Finds how rare high outputs are among the dinucleotide shuffles of some windows, far beyond what a
/// sample of them shows: multilevel splitting (Kahn & Harris 1951; Au & Beck 2001).
///
/// Of a population of shuffles the highest tenth survives, is multiplied, and is shuffled on by steps
/// that never fall below the lowest survivor, as a Markov chain whose stationary distribution is that of
/// all shuffles as high as that one. Its highest tenth is a hundredth of all shuffles, and so on: chances of
/// 1e-6 and less take a few populations. Where most shuffles score the same, as where a network finds
/// nothing in them, those survive that score higher.
struct RareScores {
  let ensemble: Ensemble
  let task: Int
  let seed: UInt64
  let threads: Int
  let plan: BackgroundPlan

  private static let pointsPerLevel = 8
  private static let shuffleShardSize = 250

  private struct Member: Sendable {
    var codes: [UInt8]
    var output: Float
  }

  /// The curve of a task, from a chance of a tenth on.
  ///
  /// - Parameters:
  ///   - windows: Shuffles, drawn at random.
  ///   - outputs: The task's outputs for them.
  func curve(_ windows: [EncodedSequence], outputs: [Float]) -> [RareScore] {
    var population = zip(windows, outputs).map { Member(codes: $0.codes, output: $1) }
    var chance = 1.0
    var points: [RareScore] = []
    for level in 0...plan.levels {
      let ascending = population.map(\.output).sorted()
      let first = level == 0 ? Self.pointsPerLevel : 1
      let last = level == plan.levels ? 2 * Self.pointsPerLevel : Self.pointsPerLevel
      for point in first...last {
        points.append(ascending.point(Double(point) / Double(Self.pointsPerLevel), of: chance))
      }
      guard level < plan.levels, let threshold = ascending.nextLevel else { break }
      let survivors = population.filter { $0.output >= threshold }
      chance *= Double(survivors.count) / Double(population.count)
      points.append(RareScore(score: threshold, chance: chance))
      let copies = (0..<plan.populationSize).map { survivors[$0 % survivors.count] }
      population = moved(copies, above: threshold, level: level)
    }
    return points.strictlyRising
  }

  /// Shuffles members on, none below a threshold.
  private func moved(_ members: [Member], above threshold: Float, level: Int) -> [Member] {
    let size = Self.shuffleShardSize
    let (ensemble, task, seed, steps) = (ensemble, task, seed, plan.steps)
    return concurrentMap(members.count.dividedRoundingUp(by: size), threads: threads) { shard in
      var members = Array(members[shard * size..<min((shard + 1) * size, members.count)])
      var random = RandomStream(seed: seed, .background, task, level, shard)
      var step = ShuffleStep()
      for _ in 0..<steps {
        let proposals = members.map { step.applied(to: $0.codes, using: &random) }
        let outputs = ensemble.outputs(proposals.map(EncodedSequence.init(codes:)), threads: 1)
        for (index, codes) in proposals.enumerated() {
          let output = outputs.scalars[index * ensemble.taskCount + task]
          if output >= threshold { members[index] = Member(codes: codes, output: output) }
        }
      }
      return members
    }.flatMap { $0 }
  }
}

extension [Float] {
  /// The score that the highest tenth of ascending scores reaches; where half of all do, the next higher
  /// one, and `nil` if there is none.
  fileprivate var nextLevel: Float? {
    let score = self[count - count / 10]
    return self[count / 2] < score ? score : first { $0 > score }
  }

  /// The score that a `10^-decades` part of ascending scores reaches, with the chance of that.
  fileprivate func point(_ decades: Double, of chance: Double) -> RareScore {
    let rank = Int((Double(count) * pow(10, -decades)).rounded(.up))
    let score = self[count - Swift.max(1, rank)]
    let reaching = count - (firstIndex { $0 >= score } ?? 0)
    return RareScore(score: score, chance: chance * Double(reaching) / Double(count))
  }
}

extension [RareScore] {
  /// The points without those that aren't higher and rarer than all before.
  fileprivate var strictlyRising: [RareScore] {
    reduce(into: []) { kept, point in
      if let last = kept.last, point.score <= last.score || point.chance >= last.chance { return }
      kept.append(point)
    }
  }
}

/// A change of a sequence that keeps its dinucleotides, and is as likely as the change back.
package struct ShuffleStep {
  private var shuffler = DinucleotideShuffler()

  package init() {}

  private static let shortestShuffle = 8
  private static let longestSwap = 4
  private static let swapTries = 40

  /// Half of the steps shuffle a part of the sequence, half exchange short pieces between equal bases.
  package mutating func applied(to codes: [UInt8], using random: inout RandomStream) -> [UInt8] {
    var codes = codes
    guard codes.count > Self.shortestShuffle else {
      return shuffler.shuffled(codes.span, using: &random)
    }
    if random.next(below: 2) == 0 {
      let length = min(
        codes.count, Self.shortestShuffle << random.next(below: 4) + random.next(below: 8))
      let start = random.next(below: codes.count - length + 1)
      var span = codes.mutableSpan
      shuffler.shuffle(&span, in: start..<start + length, using: &random)
    } else {
      for _ in 0..<Self.swapTries { Self.swapPieces(of: &codes, using: &random) }
    }
    return codes
  }

  /// Exchanges two pieces of one length, drawn at random, where the same bases stand around both.
  private static func swapPieces(of codes: inout [UInt8], using random: inout RandomStream) {
    let length = 1 + random.next(below: longestSwap)
    let places = codes.count - length - 1
    guard places > 0 else { return }
    let starts = (1 + random.next(below: places), 1 + random.next(below: places))
    let (first, second) = (min(starts.0, starts.1), max(starts.0, starts.1))
    guard second > first + length, codes[first - 1] == codes[second - 1],
      codes[first + length] == codes[second + length]
    else { return }
    for offset in 0..<length { codes.swapAt(first + offset, second + offset) }
  }
}
