package import Datasets
import Genomics
package import Layers
package import Tensors

/// Random numbers between -0.5 and 0.5 that are never near 0, so that no rectifier changes its mind
/// under a small step.
package func scattered(_ shape: Shape, seed: Int = 0) -> Tensor {
  var random = RandomStream(seed: UInt64(seed), .initialization)
  return Tensor(
    shape: shape,
    scalars: (0..<shape.count).map { _ in
      let value: Float = random.uniform() - 0.5
      return value + (value < 0 ? -0.013 : 0.013)
    })
}

/// The largest difference between a layer's gradients and central differences of
/// `Σ weights · output`, relative to the larger of the two or to 1: for the input and each
/// parameter.
package func worstGradientError<Checked: Layer>(of layer: Checked, at input: Tensor) -> Double {
  let pass = Pass.training(
    TrainingPass(seed: 5, step: 2, firstExample: 0, exampleCount: input.shape[0]))
  let (output, saved) = layer.forward(input, in: pass)
  let weights = scattered(output.shape, seed: 3)
  let gradient = layer.backward(weights, saved: saved, wantsInput: true)
  func loss(_ layer: Checked, _ input: Tensor) -> Double {
    zip(layer.forward(input, in: pass).output.scalars, weights.scalars)
      .reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  var worst =
    gradient.input.map { worstDifference($0, at: input) { loss(layer, $0) } } ?? .infinity
  let trained = layer.parameters.indices.filter { layer.parameterRoles[$0] != .statistic }
  for (place, index) in trained.enumerated() {
    worst = max(
      worst,
      worstDifference(gradient.parameters[place], at: layer.parameters[index]) { changed in
        var copy = layer
        copy.parameters[index] = changed
        return loss(copy, input)
      })
  }
  return worst
}

/// The largest difference between a gradient and central differences of a function of a tensor.
package func worstDifference(_ gradient: Tensor, at point: Tensor, of function: (Tensor) -> Double)
  -> Double
{
  let step: Float = 1e-2
  return point.scalars.indices.map { index in
    var (up, down) = (point, point)
    up.scalars[index] += step
    down.scalars[index] -= step
    let slope = (function(up) - function(down)) / Double(up.scalars[index] - down.scalars[index])
    let own = Double(gradient.scalars[index])
    return abs(own - slope) / max(1, abs(own), abs(slope))
  }.map { $0.isFinite ? $0 : .infinity }.max() ?? 0
}

/// Random sequences with unknown bases, the same each time.
package func sequences(count: Int, length: Int) -> SequenceBatch {
  var batch = SequenceBatch()
  for index in 0..<count {
    var random = RandomStream(seed: 1, .background, index)
    batch.append(
      (0..<length).map { _ in UInt8([0, 1, 2, 3, 0, 1, 2, 3, 4][random.next(below: 9)]) })
  }
  return batch
}

/// The largest difference between two tensors; infinite where either holds something that isn't a
/// finite number, or their shapes differ.
package func worst(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.scalars, b.scalars).map { abs($0 - $1) }
    .map { $0.isFinite ? $0 : .infinity }.max() ?? 0
}

extension Layer {
  /// The gradients of the input and of the trained parameters.
  package func backward(_ gradient: Tensor, saved: Saved) -> (input: Tensor, parameters: [Tensor]) {
    let result = backward(gradient, saved: saved, wantsInput: true)
    guard let input = result.input else { preconditionFailure("no gradient of the input") }
    return (input, result.parameters)
  }
}
