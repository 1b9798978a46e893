internal import Datasets
internal import Layers
internal import Tensors

extension Network {
  /// Windows computed at a time.
  private static let windowsPerBlock = 1024

  /// The logits of each strand of sequences that are read window by window, `[rows · batch, task]`.
  func strandLogits(of batch: SequenceBatch, by rule: WindowRule) -> Tensor {
    let rows = configuration.strands.rowsPerExample
    var logits = Tensor(zeros: [rows * batch.count, taskCount])
    for index in 0..<batch.count {
      let reduced = reducedLogits(of: Array(batch.codes[batch.range(of: index)]), by: rule)
      for row in 0..<rows {
        for task in 0..<taskCount {
          logits.scalars[(row * batch.count + index) * taskCount + task] =
            reduced[row * taskCount + task]
        }
      }
    }
    return logits
  }

  /// The logits of one sequence, `[row][task]`.
  func reducedLogits(of codes: [UInt8], by rule: WindowRule) -> [Float] {
    let length = min(rule.length, codes.count)
    let count = codes.count - length + 1
    let columns = configuration.strands.rowsPerExample * taskCount
    var maxima = [Float](repeating: -.infinity, count: columns)
    var sums = [Double](repeating: 0, count: columns)
    for first in stride(from: 0, to: count, by: Self.windowsPerBlock) {
      let end = min(first + Self.windowsPerBlock, count)
      let features = stem.windowFeatures(
        Array(codes[first..<end - 1 + length]), length: length)
      for (index, logit) in strandLogits(features).scalars.enumerated() {
        let row = index / ((end - first) * taskCount)
        let column = row * taskCount + index % taskCount
        maxima[column] = max(maxima[column], logit)
        sums[column] += Double(logit)
      }
    }
    guard rule.reduction == .average, count > 1 else { return maxima }
    return sums.map { Float($0 / Double(codes.count)) }
  }
}
