public import Tensors

extension MotifConvolution {
  /// Convolves each position once and slides the pooling over the positions, instead of computing
  /// overlapping windows one by one.
  public func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor {
    let windows = codes.count - length + 1
    let positions = length - width + 1
    precondition(windows > 0 && positions > 0, "windows of \(length) in \(codes.count) bases")
    let features = filterCount * pooling.featuresPerFilter
    var output = Tensor(zeros: [tables.count * windows, features])
    var convolved: [Float] = []
    var pooled: [Float] = []
    for (strand, tables) in tables.enumerated() {
      tables.convolve(codes, into: &convolved)
      addBiasAndRectify(&convolved, bias: laneBias)
      slide(.maximum, over: convolved, lanes: tables.lanes, window: positions, into: &pooled)
      fill(&output, from: pooled, strand: strand, column: 0, factor: 1)
      guard pooling == .maxAndMean else { continue }
      slide(.sum, over: convolved, lanes: tables.lanes, window: positions, into: &pooled)
      fill(
        &output, from: pooled, strand: strand, column: filterCount, factor: 1 / Float(positions))
    }
    return output
  }

  /// Copies `[window, lanes]` to the columns from `column` on of a strand's rows.
  private func fill(
    _ output: inout Tensor, from pooled: [Float], strand: Int, column: Int, factor: Float
  ) {
    let lanes = tables[0].lanes
    let (windows, features, filters) = (pooled.count / lanes, output.shape[1], filterCount)
    for window in 0..<windows {
      let target = (strand * windows + window) * features + column
      for filter in 0..<filters {
        output.scalars[target + filter] = pooled[window * lanes + filter] * factor
      }
    }
  }
}
