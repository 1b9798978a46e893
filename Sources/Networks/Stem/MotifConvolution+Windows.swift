internal import Datasets
internal import Layers
package import Tensors

extension MotifConvolution {
  /// Convolves each position once and slides the pooling over the positions, instead of computing
  /// overlapping windows one by one.
  package func windowFeatures(_ codes: [UInt8], length: Int) -> Tensor {
    let windows = codes.count - length + 1
    precondition(
      windows > 0 && length >= minimumLength, "windows of \(length) in \(codes.count) bases")
    // No position reaches past both ends of a window, nor lies outside it.
    guard length >= width, padding < width else {
      return forward(SequenceBatch(windowsOf: codes, length: length)).output
    }
    let positions = length - width + 1
    if strands == .pooled, pooling == .max, padding == 0 {
      return joinedMaxima(codes, windows: windows, positions: positions)
    }
    let features = filterCount * pooling.featuresPerFilter
    let tables = tables
    var output = Tensor(zeros: [tables.count * windows, features])
    var convolved: [Float] = []
    for (strand, tables) in tables.enumerated() {
      for block in 0..<tables.blockCount {
        let filters = tables.filters(of: block)
        func slide(_ reduction: SlidingReduction, toColumn column: Int) {
          output.slide(
            reduction, over: convolved, lanes: MotifTables.blockLanes, window: positions,
            columns: filters.count, toRow: strand * windows, column: column)
        }
        tables.convolve(codes, blocks: block..<block + 1, into: &convolved)
        slide(.maximum, toColumn: filters.lowerBound)
        guard pooling == .maxAndMean else { continue }
        rectify(&convolved)
        slide(.sum, toColumn: filterCount + filters.lowerBound)
      }
      guard padding > 0 else { continue }
      tables.addPadding(
        padding, toWindowsOf: codes, length: length, features: &output, firstRow: strand * windows)
    }
    // Rectifying keeps the order, so that it may follow the maximum.
    rectify(&output.scalars)
    if pooling == .maxAndMean {
      output.scaleColumns(filterCount..<features, by: 1 / Float(positions + 2 * padding))
    }
    return joinStrands(output)
  }

  /// The maxima of both strands at once: the larger of both at each position comes before the maximum over positions.
  private func joinedMaxima(_ codes: [UInt8], windows: Int, positions: Int) -> Tensor {
    var output = Tensor(zeros: [windows, filterCount])
    var convolved: [Float] = []
    for block in 0..<tables[0].blockCount {
      let filters = tables[0].filters(of: block)
      tables[0].convolve(codes, blocks: block..<block + 1, into: &convolved)
      tables[1].convolve(
        codes, blocks: block..<block + 1, keepingLargest: true, into: &convolved)
      output.slide(
        .maximum, over: convolved, lanes: MotifTables.blockLanes, window: positions,
        columns: filters.count, toRow: 0, column: filters.lowerBound)
    }
    return output
  }
}
