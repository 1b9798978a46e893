public import Genomics
public import Tensors

/// A layer without its parameters: what a recipe and a model file say of it, in JSON
/// `{"KIND": {"KEY": VALUE, …}}`.
///
/// A new kind becomes known by a line in `AnyLayerConfiguration.kinds`.
public protocol LayerConfiguration: Codable, Hashable, Sendable {
  /// The name in JSON, such as `dense`.
  static var kind: String { get }
  /// One with a value for every key, from which messages tell what the keys are.
  static var example: Self { get }
  /// Whether its parameters are for sequences of one length alone.
  static var readsOneLength: Bool { get }
  /// Whether the examples of a shard change each other's output in training; by default not.
  static var joinsExamples: Bool { get }
  /// The lists of layers that it is made of, each of which reads what it reads; by default none.
  var branches: [LayerBranch] { get }

  /// What the layer makes of what it reads.
  ///
  /// - Throws: `ConfigurationError` if a key is out of range, or the layer can't read that.
  func output(after input: Extents) throws(ConfigurationError) -> Extents
  /// The shapes of the parameters, in their order.
  ///
  /// - Precondition: `output(after: input)` doesn't throw.
  func parameterShapes(reading input: Extents) -> [Shape]
  /// The multiplications that one example takes, about.
  ///
  /// - Precondition: `output(after: input)` doesn't throw.
  func multiplyAdds(reading input: Extents) -> Int
  /// The numbers that a layer keeps of one example for the backward pass, besides what it reads and makes; by
  /// default none. Those of the layers that it is made of aren't counted.
  ///
  /// - Precondition: `output(after: input)` doesn't throw.
  func keptFeatures(reading input: Extents) -> Int
  /// The bases that an output reads, by those that an input reads; by default as many.
  func receptiveField(after field: ReceptiveField) -> ReceptiveField
  /// Draws the parameters.
  ///
  /// - Precondition: `output(after: input)` doesn't throw.
  func makeLayer(reading input: Extents, using random: inout RandomStream) -> any Layer
}

extension LayerConfiguration {
  public static var readsOneLength: Bool { false }
  public static var joinsExamples: Bool { false }
  public var branches: [LayerBranch] { [] }
  public func keptFeatures(reading input: Extents) -> Int { 0 }

  /// Those of its layers.
  public func parameterShapes(reading input: Extents) -> [Shape] {
    branches.flatMap { $0.layers.parameterShapes(reading: input) }
  }

  /// Those of its layers; one per number that it reads if there are none.
  public func multiplyAdds(reading input: Extents) -> Int {
    let count = branches.reduce(0) { sum, branch in
      min(sum + branch.layers.sum(reading: input) { $0.multiplyAdds(reading: $1) }, 1 << 50)
    }
    return branches.allSatisfy(\.layers.isEmpty) ? input.count : count
  }
}

/// Layers one after the other within another layer.
public struct LayerBranch: Hashable, Sendable {
  /// The beginning of the paths of their parameters, such as `inner`.
  public let path: String
  public let layers: [AnyLayerConfiguration]

  public init(path: String, layers: [AnyLayerConfiguration]) {
    (self.path, self.layers) = (path, layers)
  }
}

/// A configuration that makes no network.
public struct ConfigurationError: Failure, Equatable {
  public let description: String
  /// Whether it makes one for longer sequences.
  public let isForLength: Bool

  public init(description: String, isForLength: Bool = false) {
    self.description = description
    self.isForLength = isForLength
  }

  public var kind: FailureKind { .badData }

  /// The same, of something that has this part.
  package func under(_ place: String) -> ConfigurationError {
    ConfigurationError(description: "\(place): \(description)", isForLength: isForLength)
  }
}

/// The largest extents, so that no product of some overflows.
package enum Limit {
  package static let filters = 1...65536
  package static let units = 1...65536
  package static let width = 1...1024
  package static let dilation = 1...65536
  /// Attention has a number for each two of them.
  package static let attendedPositions = 1 << 14
  package static let features = 1 << 31
  /// The longest sequence, in bases.
  package static let length = 1 << 30
}

/// - Throws: If a key's value is out of range.
package func check(_ value: Int, in range: ClosedRange<Int>, _ key: String)
  throws(ConfigurationError)
{
  guard let problem = rangeProblem(key, value, range) else { return }
  throw ConfigurationError(description: problem)
}

/// - Throws: If there is no position.
package func checkForPositions(_ positions: Int) throws(ConfigurationError) {
  guard positions > 0 else {
    throw ConfigurationError(
      description: "no positions are left; take longer sequences", isForLength: true)
  }
}

/// - Throws: If there are more features than a network may have.
package func checkFeatures(_ extents: Extents) throws(ConfigurationError) -> Extents {
  try check(extents.count, in: 0...Limit.features, "the number of features of an example")
  return extents
}

extension Extents {
  /// The positions and channels that a layer reads.
  ///
  /// - Throws: If no positions are left.
  package func requirePositions() throws(ConfigurationError) -> (positions: Int, channels: Int) {
    guard case .positions(let positions, let channels) = self else {
      throw ConfigurationError(
        description: "no positions are left to it; move it before globalPooling or flatten")
    }
    return (positions, channels)
  }

  /// The features of a layer that reads no positions.
  ///
  /// - Throws: If there are positions.
  package func requireVector() throws(ConfigurationError) -> Int {
    guard case .vector(let count) = self else {
      throw ConfigurationError(
        description: "can't read positions; put globalPooling or flatten before it")
    }
    return count
  }
}
