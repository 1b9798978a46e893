public import Tensors

/// A one-dimensional convolution (cross-correlation):
/// `output[n, p, f] = bias[f] + Σ_j Σ_c input[n, p · stride + j · dilation - padding, c] · weight[j, c, f]`.
///
/// With several groups each group of filters reads the channels of its own group alone.
public struct Convolution: AffineLayer {
  public var weight: Tensor  // [width, channels / groups, filters]
  public var bias: Tensor  // [filters]
  public let placement: FilterPlacement
  public let groups: Int

  public init(
    weight: Tensor, bias: Tensor, placement: FilterPlacement = FilterPlacement(), groups: Int = 1
  ) {
    precondition(
      weight.shape.rank == 3 && bias.shape == [weight.shape[2]] && bias.shape[0] % groups == 0,
      "\(weight.shape), \(bias.shape), \(groups) groups")
    self.weight = weight
    self.bias = bias
    self.placement = placement
    self.groups = groups
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try visit("weight", .weight, &weight)
    try visit("bias", .bias, &bias)
  }

  public var width: Int { weight.shape[0] }

  /// - Parameter input: `[batch, positions, channels]`, with the padding at least as long as a filter.
  /// - Returns: `[batch, outputs, filters]`, and the input.
  public func forward(_ input: Tensor, in pass: Pass) -> (output: Tensor, saved: Tensor) {
    let outputs = group(input).map {
      $0.input.convolved(weight: $0.weight, bias: $0.bias, placement: placement)
    }
    return (Tensor(joiningParts: outputs), input)
  }

  public func backward(_ gradient: Tensor, saved input: Tensor, wantsInput: Bool) -> LayerGradient {
    let weights = zip(group(input), gradient.columns(in: groups)).map {
      $1.convolutionWeightGradient(input: $0.input, width: width, placement: placement)
    }
    return LayerGradient(
      input: wantsInput ? inputGradient(gradient, saved: input) : nil,
      parameters: [Tensor(joiningParts: weights), gradient.summedOverMatrixRows()])
  }

  public func inputGradient(_ gradient: Tensor, saved input: Tensor) -> Tensor {
    let inputs = zip(weight.columns(in: groups), gradient.columns(in: groups)).map {
      $1.convolutionInputGradient(weight: $0, positions: input.shape[1], placement: placement)
    }
    return Tensor(joiningParts: inputs)
  }

  /// What each group reads, and its filters.
  private func group(_ input: Tensor) -> [(input: Tensor, weight: Tensor, bias: Tensor)] {
    let filters = zip(weight.columns(in: groups), bias.columns(in: groups))
    return zip(input.columns(in: groups), filters).map { ($0, $1.0, $1.1) }
  }
}

extension Tensor {
  /// The columns in parts of equal width; the tensor itself if there is one part.
  fileprivate func columns(in parts: Int) -> [Tensor] {
    guard parts > 1 else { return [self] }
    let width = shape.lastExtent / parts
    return (0..<parts).map { columns($0 * width..<($0 + 1) * width) }
  }

  /// The inverse of `columns(in:)`.
  fileprivate init(joiningParts parts: [Tensor]) {
    if parts.count > 1 { self.init(joiningColumns: parts) } else { self = parts[0] }
  }
}
