internal import Layers
internal import Networks

extension NetworkConfiguration {
  /// Rosenblatt's perceptron with a smooth output: a weight per base and position.
  static var perceptron: NetworkConfiguration {
    NetworkConfiguration(layers: [.flatten], strands: .forward)
  }

  /// Hidden layers of 128 and 64 units over the one-hot sequence.
  static var multilayerPerceptron: NetworkConfiguration {
    NetworkConfiguration(
      layers: [
        .flatten, .dense(units: 128), .rectifier, .dropout(rate: 0.3), .dense(units: 64),
        .rectifier, .dropout(rate: 0.3),
      ], strands: .forward)
  }
}

extension TrainingConfiguration {
  /// What goes with networks that hold weights for each position.
  static var shallow: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.learningRate = 0.001
    configuration.patience = 5
    return configuration
  }
}
