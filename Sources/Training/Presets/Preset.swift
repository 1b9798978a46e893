internal import Networks

extension Recipe {
  /// A recipe that comes with the program.
  public enum Preset: String, CaseIterable, Sendable {
    /// DeepBind's network: 16 filters of width 24, the maximum of each, a hidden layer of 32.
    case deepbind
    /// 64 filters of width 16 that read both strands as one, the maximum and mean of each, a hidden
    /// layer of 32; two shuffles per peak and epoch.
    case standard
    /// 64 filters of width 16 (in every second network 24) that read both strands as one, the maximum of each, a hidden
    /// layer of 32, against random windows of the genome: a model to scan with.
    case sites
    /// A weight per base and position: logistic regression.
    case perceptron
    /// Two hidden layers over the one-hot sequence.
    case mlp
    /// One convolution, pooled in windows, and a weight per window and filter.
    case lecture
    /// Kelley et al. 2016.
    case basset
    /// Zhou & Troyanskaya 2015.
    case deepsea
    /// Quang & Xie 2016.
    case danq
    /// The larger network of Quang & Xie 2016, whose filters may start from known motifs.
    case danqJaspar = "danq-jaspar"
    /// The trunk of Avsec et al. 2021 with its counts head.
    case bpnet
    /// A residual network with batch normalization (He et al. 2016).
    case resnet
    /// A convolution and a bidirectional LSTM.
    case cnnLSTM = "cnn-lstm"
    /// A convolution and a bidirectional GRU.
    case cnnGRU = "cnn-gru"
    /// A convolution and two blocks of a transformer.
    case attention
    /// Novakovsky et al. 2023: a small network per motif, and a weight per motif and task.
    case explainn
  }

  public init(_ preset: Preset) {
    switch preset {
    case .deepbind: self.init(network: .deepBind(), training: .deepBind)
    case .standard: self = .standard
    case .sites: self = .sites
    case .perceptron: self.init(network: .perceptron, training: .shallow)
    case .mlp: self.init(network: .multilayerPerceptron, training: .shallow)
    case .lecture: self.init(network: .lecture, training: .lecture)
    case .basset: self.init(network: .basset, training: .deep)
    case .deepsea: self.init(network: .deepSEA, training: .deep)
    case .danq: self.init(network: .danQ, training: .recurrent)
    case .danqJaspar: self.init(network: .danQJASPAR, training: .recurrent)
    case .bpnet: self.init(network: .bpnet, training: .deep)
    case .resnet: self.init(network: .residual, training: .deep)
    case .cnnLSTM: self.init(network: .convolutionalLSTM, training: .recurrent)
    case .cnnGRU: self.init(network: .convolutionalGRU, training: .recurrent)
    case .attention: self.init(network: .attention, training: .deep)
    case .explainn: self.init(network: .explaiNN, training: .deep)
    }
  }
}

extension Recipe.Preset {
  /// The length that its authors cut sequences to, in bases; `nil` if it isn't made for one.
  public var length: Int? {
    switch self {
    case .lecture: 150
    case .explainn: 200
    case .basset: 600
    case .deepsea, .danq, .danqJaspar, .bpnet: 1000
    case .deepbind, .standard, .sites, .perceptron, .mlp, .resnet, .cnnLSTM, .cnnGRU, .attention:
      nil
    }
  }
}

extension TrainingConfiguration {
  /// What goes with a network of many layers: a learning rate that they all bear.
  static var deep: TrainingConfiguration {
    var configuration = TrainingConfiguration()
    configuration.batchSize = 128
    configuration.learningRate = 0.001
    configuration.l2 = 0.01
    configuration.patience = 5
    return configuration
  }

  /// The same with large shards, by which a recurrent layer is quick.
  static var recurrent: TrainingConfiguration {
    var configuration = deep
    configuration.shardSize = 32
    return configuration
  }
}
