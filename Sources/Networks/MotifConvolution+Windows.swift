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
    for (strand, tables) in tables.enumerated() {
      func slide(_ reduction: SlidingReduction, toColumn column: Int) {
        output.slide(
          reduction, over: convolved, lanes: tables.lanes, window: positions, columns: filterCount,
          toRow: strand * windows, column: column)
      }
      tables.convolve(codes, into: &convolved)
      slide(.maximum, toColumn: 0)
      guard pooling == .maxAndMean else { continue }
      addBiasAndRectify(&convolved, bias: laneBias)
      slide(.sum, toColumn: filterCount)
    }
    // Rectifying keeps the order, so that it may follow the maximum.
    output.addBiasAndRectify(bias.scalars)
    if pooling == .maxAndMean { output.scaleColumns(from: filterCount, by: 1 / Float(positions)) }
    return output
  }
}
