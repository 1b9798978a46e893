/// How an output is divided among the bases of a sequence.
public enum AttributionMethod: String, CaseIterable, Sendable {
  /// DeepLIFT's multipliers times the difference from references (Shrikumar, Greenside & Kundaje 2017).
  case deepLIFT = "deeplift"
  /// The mean gradient on the straight line from each reference, times the difference (Sundararajan, Taly & Yan 2017).
  case integratedGradients = "integrated-gradients"
  /// The gradient less its mean over the four bases (Majdandzic et al. 2023).
  case gradient = "input-x-gradient"
  /// The output with each base less the mean over the four bases.
  case mutagenesis = "mutagenesis"

  /// Whether outputs are compared with those of reference sequences. Then the contributions of a sequence's bases add
  /// up to the difference.
  public var readsReferences: Bool { self == .deepLIFT || self == .integratedGradients }
}
