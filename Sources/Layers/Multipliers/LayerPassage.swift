public import Tensors

/// What a layer read and made in inference, and what it saved for the backward pass.
public struct LayerPassage: Sendable {
  public let input: Tensor
  public let output: Tensor
  /// The numbers beside the sequences.
  let side: Tensor?
  let saved: any Sendable
}

extension Layer {
  /// The passage of a batch in inference.
  public func passage(of input: Tensor, beside side: Tensor? = nil) -> LayerPassage {
    let (output, saved) = forwardErased(input, in: .inference.beside(side))
    return LayerPassage(input: input, output: output, side: side, saved: saved)
  }
}

/// A layer whose output in inference is affine in its input, example by example: its multipliers are its gradient.
public protocol AffineLayer: Layer {}

extension AffineLayer {
  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    inputGradientErased(outer, saved: passage.saved)
  }
}

extension Layer {
  /// The mean of the gradient on the straight line from the reference's input to the input (integrated gradients of
  /// the layer alone: Sundararajan, Taly & Yan 2017, eq. 1), by Gauss–Legendre quadrature. What that misses of the
  /// difference of an example's outputs is added along the line.
  public func multipliers(
    _ outer: Tensor, at passage: LayerPassage, from reference: LayerPassage
  ) -> Tensor {
    var mean = Tensor(zeros: passage.input.shape)
    for (node, weight) in GaussLegendre.nodes {
      let point = reference.input.moved(towards: passage.input, by: node)
      let saved = forwardErased(point, in: .inference.beside(passage.side)).saved
      mean += inputGradientErased(outer, saved: saved).map { weight * $0 }
    }
    mean.complete(
      from: reference.input, to: passage.input,
      rises: outer.rises(from: reference.output, to: passage.output))
    return mean
  }
}

/// Quadrature on the unit interval with 16 nodes, exact for polynomials of degree 31 (Abramowitz & Stegun 1964,
/// table 25.4).
private enum GaussLegendre {
  static let nodes: [(node: Float, weight: Float)] = abscissas.indices.flatMap { index in
    let (abscissa, weight): (Float, Float) = (abscissas[index], weights[index] / 2)
    return [(node: (1 - abscissa) / 2, weight: weight), (node: (1 + abscissa) / 2, weight: weight)]
  }

  private static let abscissas: [Float] = [
    0.0950125098376374, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438,
    0.7554044083550030, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
  ]
  private static let weights: [Float] = [
    0.1894506104550685, 0.1826034150449236, 0.1691565193950025, 0.1495959888165767,
    0.1246289712555339, 0.0951585116824928, 0.0622535239386479, 0.0271524594117541,
  ]
}
