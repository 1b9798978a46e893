internal import Genomics
internal import Kernels

/// The filters of a `MotifScreen` in steps, as tables that the kernel reads.
///
/// Filters that hardly change an output are left out: those that nothing makes score above 0, and more until all of
/// them together could change it by `mostLeftOut`.
struct ScreenedFilters: Sendable {
  /// The hidden units of a network, filled up to whole vectors.
  let units: Int
  /// The most that filters that were left out change an output.
  private(set) var leftOut = 0.0
  private let tables: AlignedArray<Int16>
  /// `[filter][unit]` of the network's units, each times its filter's step.
  private let weights: [Float]
  /// The first of those among the units of all networks.
  private let firstUnits: [Int32]

  private static let mostLeftOut = 0.05
  private static let lanes = Int(MOTIF_LANES)

  init(_ members: [MotifScreen.Member], units: Int) {
    self.units = units
    var filters = members.indices.flatMap { index in
      (0..<members[index].filters.bias.shape[0]).map { (member: index, filter: $0) }
    }.map {
      (member: $0.member, filter: $0.filter, effect: members[$0.member].effect(of: $0.filter))
    }
    filters.sort { ($0.effect, $0.member, $0.filter) < ($1.effect, $1.member, $1.filter) }
    while let first = filters.first, leftOut + first.effect <= Self.mostLeftOut {
      leftOut += first.effect
      filters.removeFirst()
    }
    filters.sort { ($0.member, $0.filter) < ($1.member, $1.filter) }
    let slots = max(1, filters.count.dividedRoundingUp(by: Self.lanes)) * Self.lanes
    let groups = members[0].filters.weight.shape[0].dividedRoundingUp(by: Int(MOTIF_GROUP))
    var weights = [Float](repeating: 0, count: slots * units)
    var firstUnits = [Int32](repeating: 0, count: slots)
    for (slot, filter) in filters.enumerated() {
      let member = members[filter.member]
      let (own, step) = (member.hidden.bias.shape[0], member.largest(filter.filter) / mostSteps)
      firstUnits[slot] = Int32(filter.member * units)
      for unit in 0..<own {
        let weight = member.hidden.weight.scalars[filter.filter * own + unit]
        weights[slot * units + unit] = weight * Float(step)
      }
    }
    (self.weights, self.firstUnits) = (weights, firstUnits)
    let size = slots * groups * kmerCount * 2
    tables = AlignedArray(count: size) { table in
      table.initialize(repeating: 0, count: size)
      for (slot, filter) in filters.enumerated() {
        members[filter.member].fill(table, filter: filter.filter, slot: slot, groups: groups)
      }
    }
  }

  func withKernelScreen(
    width: Int, allUnits: Int, _ body: (inout Kernels.MotifScreen) -> Void
  ) {
    tables.withUnsafePointer { tables in
      weights.withUnsafeBufferPointer { weights in
        firstUnits.withUnsafeBufferPointer { firstUnits in
          var screen = Kernels.MotifScreen(
            tables: tables, weights: weights.baseAddress, first_units: firstUnits.baseAddress,
            blocks: Int32(firstUnits.count / Self.lanes), width: Int32(width),
            units: Int32(units), all_units: Int32(allUnits))
          body(&screen)
        }
      }
    }
  }
}

/// The most that k-mers can add up to, in steps: rounding them leaves the sum within 16 bits.
private let mostSteps = 32_000.0

extension MotifScreen.Member {
  /// What each k-mer adds to a filter's score on one strand, `[group][k-mer]`; the first group adds the bias too.
  private func kmerScores(_ filter: Int, reverse: Bool) -> [[Double]] {
    let (weight, size) = (filters.weight, Int(MOTIF_GROUP))
    let (width, count) = (weight.shape[0], weight.shape[2])
    return (0..<width.dividedRoundingUp(by: size)).map { group in
      (0..<kmerCount).map { kmer in
        var score = group == 0 ? Double(filters.bias.scalars[filter]) : 0
        for place in 0..<size where group * size + place < width {
          let (tap, base) = (group * size + place, kmer >> (2 * (size - 1 - place)) & 3)
          let row = reverse ? (width - 1 - tap) * 4 + 3 - base : tap * 4 + base
          score += Double(weight.scalars[row * count + filter])
        }
        return score
      }
    }
  }

  /// The most that a filter, or a part of its groups, scores on either strand; 1 if that isn't above 0.
  fileprivate func largest(_ filter: Int) -> Double {
    let largest = [false, true].map { reverse in
      kmerScores(filter, reverse: reverse).reduce(0) { $0 + max(0, $1.max() ?? 0) }
    }
    return largest.max().flatMap { $0 > 0 ? $0 : nil } ?? 1
  }

  /// The most that a filter scores.
  private func highest(_ filter: Int) -> Double {
    max(0, kmerScores(filter, reverse: false).reduce(0) { $0 + ($1.max() ?? 0) })
  }

  /// The most that a filter changes an output.
  fileprivate func effect(of filter: Int) -> Double {
    let (units, highest) = (hidden.bias.shape[0], highest(filter))
    return weights.indices.map { task in
      (0..<units).reduce(0) { $0 + highest * influence(filter, unit: $1, task: task) }
    }.max() ?? 0
  }

  /// How much an output changes, at most, with what a unit reads of a filter.
  private func influence(_ filter: Int, unit: Int, task: Int) -> Double {
    let weight = hidden.weight.scalars[filter * hidden.bias.shape[0] + unit]
    return Double(abs(weight)) * outputWeight(unit, task: task)
  }

  private func outputWeight(_ unit: Int, task: Int) -> Double {
    Double(abs(weights[task] * output.weight.scalars[unit * weights.count + task]))
  }

  /// The largest error of an output: from rounding each k-mer to half a step, and each window's sums.
  func outputError(of task: Int, windows: Int) -> Double {
    let groups = filters.weight.shape[0].dividedRoundingUp(by: Int(MOTIF_GROUP))
    let roundings = Double(windows) * Double(Float.ulpOfOne)
    var error = 0.0
    for filter in 0..<filters.bias.shape[0] {
      let share = Double(groups) / 2 / mostSteps + roundings
      let largest = largest(filter)
      for unit in 0..<hidden.bias.shape[0] {
        error += largest * share * influence(filter, unit: unit, task: task)
      }
    }
    for (unit, bias) in hidden.bias.scalars.enumerated() {
      error += Double(abs(bias)) * roundings * outputWeight(unit, task: task)
    }
    return error
  }

  /// Writes a filter to the tables.
  fileprivate func fill(
    _ table: UnsafeMutablePointer<Int16>, filter: Int, slot: Int, groups: Int
  ) {
    let (lanes, step) = (Int(MOTIF_LANES), largest(filter) / mostSteps)
    for (strand, reverse) in [false, true].enumerated() {
      for (group, kmers) in kmerScores(filter, reverse: reverse).enumerated() {
        for (kmer, score) in kmers.enumerated() {
          let row = (slot / lanes * groups + group) * kmerCount + kmer
          table[(2 * row + strand) * lanes + slot % lanes] =
            Int16(max(Double(Int16.min), (score / step).rounded()))
        }
      }
    }
  }
}
