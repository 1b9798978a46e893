internal import Datasets
internal import Networks
internal import Tensors

extension Network {
  private static let sampleSize = 256

  /// Whether all of some sequences, evenly chosen, have one output per task: units of rectifiers that are 0 for every
  /// sequence pass no gradient back, and a network all of whose units are so learns no more.
  func isDead(for examples: [Example]) -> Bool {
    let count = min(examples.count, Self.sampleSize)
    guard count > 1 else { return false }
    let sample = (0..<count).map { examples[$0 * examples.count / count].bases }
    let outputs = outputs(sample, threads: 1).scalars
    return outputs.indices.allSatisfy { outputs[$0] == outputs[$0 % taskCount] }
  }
}
