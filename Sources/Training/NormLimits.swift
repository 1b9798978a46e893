package import Layers
internal import Tensors

extension [Float] {
  /// Scales the first numbers down if their Euclidean norm is above a limit (Pascanu et al. 2013, algorithm 1).
  package mutating func limitNorm(ofFirst count: Int, to limit: Float) {
    var square = 0.0
    for index in 0..<count { square += Double(self[index]) * Double(self[index]) }
    let norm = square.squareRoot()
    guard norm > Double(limit) else { return }
    let factor = Float(Double(limit) / norm)
    for index in 0..<count { self[index] *= factor }
  }
}

extension ParameterHolder {
  /// Scales the weights of each output down if their Euclidean norm is above a limit (Srivastava et al. 2014, section
  /// 5.1): those of a filter, of a unit, of a sum of a recurrent layer.
  ///
  /// - Parameter rateFactors: Those of the learning rates of the trained parameters; one with 0 stays as it is.
  package mutating func limitWeightNorms(to limit: Float, rateFactors: [Float] = []) {
    var index = 0
    updateParameters { role, parameter in
      guard role != .statistic else { return }
      let isTrained = rateFactors.isEmpty || rateFactors[index] > 0
      index += 1
      if role == .weight, isTrained { parameter.limitColumnNorms(to: limit) }
    }
  }
}

extension Tensor {
  fileprivate mutating func limitColumnNorms(to limit: Float) {
    let columns = shape.lastExtent
    var squares = [Double](repeating: 0, count: columns)
    for (index, value) in scalars.enumerated() {
      squares[index % columns] += Double(value) * Double(value)
    }
    let factors = squares.map {
      $0 > Double(limit) * Double(limit) ? Float(Double(limit) / $0.squareRoot()) : 1
    }
    guard factors.contains(where: { $0 != 1 }) else { return }
    for index in scalars.indices { scalars[index] *= factors[index % columns] }
  }
}
