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
      addBiasAndRectify(&convolved, bias: [Float](repeating: 0, count: tables.lanes))
      slide(.maximum, over: convolved, lanes: tables.lanes, window: positions, into: &pooled)
      output.copyColumns(
        filterCount, of: pooled, lanes: tables.lanes, times: 1, toRow: strand * windows, column: 0)
      guard pooling == .maxAndMean else { continue }
      slide(.sum, over: convolved, lanes: tables.lanes, window: positions, into: &pooled)
      output.copyColumns(
        filterCount, of: pooled, lanes: tables.lanes, times: 1 / Float(positions),
        toRow: strand * windows, column: filterCount)
    }
    return output
  }
}
