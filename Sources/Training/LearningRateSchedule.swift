internal import Genomics
public import Layers

/// How the learning rate changes from step to step.
public enum LearningRateSchedule: String, NamedCase, Sendable {
  /// It rises, then falls to 0 along a cosine.
  case cosine
  /// It rises, then stays.
  case constant
  /// It rises, then is multiplied by a factor now and then.
  case steps
  /// It rises, then falls to 0 along a cosine, again and again (Loshchilov & Hutter 2017, eq. 5).
  case restarts
  /// It rises from a 25th along a cosine, then falls to a 250,000th along another one (Smith & Topin 2018, as PyTorch's
  /// `OneCycleLR`).
  case oneCycle
}

extension TrainingConfiguration {
  /// The number of cycles of the schedule `restarts` if none is given.
  private static let usualCycles = 4
  /// The number of times that the schedule `steps` lowers the rate if none is given, and the factor.
  private static let (usualDrops, usualDropFactor) = (2, Float(0.1))

  /// What is out of range about the schedule, in words; `nil` if nothing is.
  var scheduleProblem: String? {
    if let dropFactor, !(dropFactor > 0 && dropFactor < 1) {
      return "dropFactor is \(dropFactor); take above 0 to below 1"
    }
    return rangeProblem("cycles", cycles ?? 1, 1...1000)
      ?? rangeProblem("drops", drops ?? 0, 0...1000)
  }

  /// The learning rate of a step of `steps`.
  package func learningRate(step: Int, of steps: Int) -> Float {
    let schedule = schedule ?? .cosine
    if schedule == .oneCycle { return oneCycle(step: step, of: steps) }
    let rise = Int(Double(steps) * Double(warmup))
    // The first step of a cosine has a share of the rate even if it doesn't rise.
    let warmup = schedule == .cosine ? max(1, rise) : rise
    guard step >= warmup else { return learningRate * Float(step + 1) / Float(warmup) }
    let progress = Double(step - warmup) / Double(max(1, steps - warmup))
    switch schedule {
    case .constant, .oneCycle: return learningRate
    case .cosine: return learningRate * Float((1 + cosine(ofTurn: progress / 2)) / 2)
    case .restarts:
      let cycle = progress * Double(cycles ?? Self.usualCycles)
      let place = cycle - cycle.rounded(.down)
      return learningRate * Float((1 + cosine(ofTurn: place / 2)) / 2)
    case .steps:
      let count = Int(progress * Double((drops ?? Self.usualDrops) + 1))
      return (0..<count).reduce(learningRate) { rate, _ in
        rate * (dropFactor ?? Self.usualDropFactor)
      }
    }
  }

  private func oneCycle(step: Int, of steps: Int) -> Float {
    let largest = Double(learningRate)
    let (first, last) = (largest / 25, largest / 25 / 10_000)
    let peak = Double(warmup) * Double(steps) - 1
    if Double(step) <= peak {
      return Float(between(first, largest, at: peak > 0 ? Double(step) / peak : 1))
    }
    let rest = max(Double(steps) - 1 - peak, 1)
    return Float(between(largest, last, at: min(1, (Double(step) - peak) / rest)))
  }

  /// A number on half a cosine from one number to another.
  private func between(_ start: Double, _ end: Double, at place: Double) -> Double {
    end + (start - end) * (1 + cosine(ofTurn: place / 2)) / 2
  }
}

/// The cosine of an angle in turns, `0...0.5`, by its Taylor series: C libraries differ in the last
/// bit from one processor to the next, sums and products do not.
private func cosine(ofTurn turn: Double) -> Double {
  let angle = turn * 2 * Double.pi
  var (term, sum) = (1.0, 1.0)
  for order in stride(from: 2.0, through: 30, by: 2) {
    term *= -angle * angle / (order * (order - 1))
    sum += term
  }
  return sum
}
