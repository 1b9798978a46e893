public import Datasets
internal import Genomics
public import Layers

extension SideInputs {
  /// The numbers beside sequences, standardized by those of the examples to train on. One that never differs is divided
  /// by 1.
  public init(names: [String], of training: [Example]) {
    let scales = names.indices.map { index in
      LabelScale(training.map { $0.bases.side[index] })
    }
    self.init(
      names: names, means: scales.map { Float($0.mean) },
      deviations: scales.map { $0.deviation > 0 ? Float($0.deviation) : 1 })
  }
}
