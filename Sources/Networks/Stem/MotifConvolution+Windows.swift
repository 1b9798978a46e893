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
}
