public import Genomics
public import Tensors

/// Puts numbers that are known of a sequence besides its letters behind the features: a column of a table, the mean of
/// a track.
///
/// Each is standardized by the mean and the standard deviation of the training examples; one that isn't known counts
/// as the mean. Both strands of an example have the same.
public struct SideInputs: AffineLayer {
  /// What the numbers are, in their order.
  public var names: [String]
  public var means: [Float]
  /// Above 0.
  public var deviations: [Float]

  public init(names: [String], means: [Float], deviations: [Float]) {
    (self.names, self.means, self.deviations) = (names, means, deviations)
  }

  /// - Parameter input: `[rows, feature]`, the rows of each strand one after the other.
  /// - Returns: `[rows, feature + number]`, and the number of features.
  /// - Precondition: The pass has the numbers of each example.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Int) {
    let (rows, features) = (input.shape[0], input.shape[1])
    guard let side = pass.side, side.shape[1] == names.count else {
      preconditionFailure("a sequence without the numbers beside it")
    }
    var scalars: [Float] = []
    scalars.reserveCapacity(rows * (features + names.count))
    for row in 0..<rows {
      scalars += input.scalars[row * features..<(row + 1) * features]
      let example = row % side.shape[0]
      for index in names.indices {
        let number = side.scalars[example * names.count + index]
        scalars.append(number.isNaN ? 0 : (number - means[index]) / deviations[index])
      }
    }
    return (Tensor(shape: [rows, features + names.count], scalars: scalars), features)
  }

  public func backward(_ gradient: Tensor, saved features: Int, wantsInput: Bool) -> LayerGradient {
    let (rows, width) = (gradient.shape[0], gradient.shape[1])
    return LayerGradient(
      input: Tensor(
        shape: [rows, features],
        scalars: (0..<rows).flatMap { gradient.scalars[$0 * width..<$0 * width + features] }))
  }
}

/// `{"sideInputs": {"names": ["accessibility"], "means": [1.5], "deviations": [0.5]}}`
extension SideInputs: LayerConfiguration {
  public static let kind = "sideInputs"
  public static let example = SideInputs(names: ["accessibility"], means: [0], deviations: [1])

  public func output(after input: Extents) throws(ConfigurationError) -> Extents {
    let features = try input.requireVector()
    guard !names.isEmpty, means.count == names.count, deviations.count == names.count,
      Set(names).count == names.count, means.allSatisfy(\.isFinite),
      deviations.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw ConfigurationError(
        description:
          "names, means and deviations need one element each per number, names that differ and deviations "
          + "above 0")
    }
    return .vector(features + names.count)
  }

  public func multiplyAdds(reading input: Extents) -> Int { names.count }

  public func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer {
    self
  }
}
