public import Genomics
public import Networks

/// A network and how it is trained: what `--preset` names and `--config` changes.
public struct Recipe: Codable, Equatable, Sendable {
  public var network: NetworkConfiguration
  public var training: TrainingConfiguration
  public var selection: PeakSelection
  public var ensemble: EnsembleConfiguration

  public init(
    network: NetworkConfiguration, training: TrainingConfiguration,
    selection: PeakSelection = PeakSelection(),
    ensemble: EnsembleConfiguration = EnsembleConfiguration()
  ) {
    self.network = network
    self.training = training
    self.selection = selection
    self.ensemble = ensemble
  }

  /// The configuration of each network of the model.
  public var networks: [NetworkConfiguration] {
    let extra = ensemble.extraWidths
    return (0..<ensemble.networks).map {
      extra.isEmpty ? network : network.withFilters(widerBy: extra[$0 % extra.count])
    }
  }

  /// The recipe for sequences of an alphabet: RNA and proteins are read from one strand, without the k-mer table, which
  /// holds both strands of DNA.
  public func reading(_ alphabet: Alphabet) -> Recipe {
    var recipe = self
    recipe.network = network.reading(alphabet)
    if alphabet != .dna {
      recipe.ensemble.gappedKmers = false
      recipe.ensemble.knownMotifs = 0
    }
    return recipe
  }

  private static let fewestPositivesOfExtraWidths = 300

  /// The recipe for so many positives per task. With few of them wide filters learn noise: the networks have filters of
  /// the width that `network` says.
  public func fitted(toPositives count: Int) -> Recipe {
    var recipe = self
    if count < Self.fewestPositivesOfExtraWidths { recipe.ensemble.extraWidths = [] }
    return recipe
  }
}

/// The members of a model.
public struct EnsembleConfiguration: Codable, Equatable, Sendable {
  /// The number of networks, each from weights of its own, whose outputs are averaged.
  public var networks = 1
  /// The positions by which the filters of each network's first convolution are wider than the recipe's network says,
  /// network by network and then from the start again; empty for 0.
  public var extraWidths: [Int] = []
  /// How many filters of each network's first convolution start from motifs of JASPAR, those that tell positives from
  /// negatives best; the other filters are drawn.
  public var knownMotifs = 0
  /// Whether a linear model over gapped k-mers goes beside them.
  public var gappedKmers = false
  /// Whether the weight of the k-mer table is the best of a few on the validation examples; otherwise its scores
  /// count as much as the networks'.
  public var settlesKmers = false
  /// Whether all are trained once more, with the validation examples too, after these have settled
  /// weights and calibration.
  public var refit = false
  /// The numbers of the weights that the networks start from, one per network; a number and a seed give the
  /// same weights. Empty for 0, 1, ….
  public var starts: [Int] = []
  /// Whether each network leaves out another part of the examples that it would learn from, as many parts as networks;
  /// no by default.
  public var folds: Bool?

  public init(
    networks: Int = 1, extraWidths: [Int] = [], knownMotifs: Int = 0, gappedKmers: Bool = false,
    settlesKmers: Bool = false, refit: Bool = false
  ) {
    self.networks = networks
    self.extraWidths = extraWidths
    self.knownMotifs = knownMotifs
    self.gappedKmers = gappedKmers
    self.settlesKmers = settlesKmers
    self.refit = refit
  }

  /// The seed of a network's weights and of what it draws.
  public func seed(ofNetwork network: Int, seed: UInt64) -> UInt64 {
    Self.seed(ofStart: starts.isEmpty ? network : starts[network], seed: seed)
  }

  static func seed(ofStart start: Int, seed: UInt64) -> UInt64 { seed &+ UInt64(start) << 32 }

  /// What is out of range, in words; `nil` if nothing is.
  var problem: String? {
    let checks = [
      ((1...100).contains(networks), "networks is \(networks); take 1 to 100"),
      (
        extraWidths.count <= 100 && extraWidths.allSatisfy((0...1000).contains),
        "extraWidths is \(extraWidths); take numbers from 0 to 1000, 100 of them at most"
      ),
      (
        (0...1000).contains(knownMotifs), "knownMotifs is \(knownMotifs); take 0 to 1000"
      ),
      (
        starts.isEmpty || starts.count == networks,
        "starts holds \(starts.count) number(s); give one for each of \(networks) network(s), or none"
      ),
      (folds != true || networks > 1, "folds is of several networks; give networks 2 or more"),
      (
        starts.allSatisfy((0..<1_000_000).contains) && Set(starts).count == starts.count,
        "starts is \(starts); take different numbers from 0 to 999999"
      ),
    ]
    return checks.first { !$0.0 }?.1
  }
}
