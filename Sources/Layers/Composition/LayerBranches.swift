public import Tensors

/// Lists of layers side by side: what layers that hold several of them share.
public struct LayerBranches: ParameterHolder, Sendable {
  private var chains: [LayerChain]
  /// The beginning of the parameters' paths, one per list.
  private let paths: [String]

  public init(_ branches: [[any Layer]], paths: [String]) {
    precondition(branches.count == paths.count && !paths.isEmpty, "\(branches.count) lists")
    chains = branches.map { LayerChain($0) }
    self.paths = paths
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    for index in chains.indices {
      try chains[index].visitParameters { try visit("\(paths[index]).\($0)", $1, &$2) }
    }
  }

  public mutating func updateParameters(_ update: (ParameterRole, inout Tensor) -> Void) {
    for index in chains.indices { chains[index].updateParameters(update) }
  }

  /// What the layers of each list saved.
  public typealias Saved = [[any Sendable]]

  /// - Parameter inputs: What each list reads.
  func forward(_ inputs: [Tensor], in pass: Pass) -> (outputs: [Tensor], saved: Saved) {
    let results = chains.indices.map {
      chains[$0].forward(inputs[$0], in: pass.entering($0))
    }
    return (results.map(\.output), results.map(\.saved))
  }

  /// - Returns: The gradient of each list's input, and those of all parameters.
  func backward(_ gradients: [Tensor], saved: Saved, wantsInput: Bool) -> (
    inputs: [Tensor], parameters: [Tensor], statistics: [Tensor]
  ) {
    let results = chains.indices.map {
      chains[$0].backward(gradients[$0], saved: saved[$0], wantsInput: wantsInput)
    }
    return (
      results.compactMap(\.input), results.flatMap(\.parameters), results.flatMap(\.statistics)
    )
  }

  func inputGradients(_ gradients: [Tensor], saved: Saved) -> [Tensor] {
    chains.indices.map { chains[$0].inputGradient(gradients[$0], saved: saved[$0]) }
  }

  /// The multipliers of what each list reads.
  func multipliers(
    _ outer: [Tensor], at inputs: [Tensor], from references: [Tensor], beside side: Tensor?
  ) -> [Tensor] {
    chains.indices.map {
      chains[$0].multipliers(outer[$0], at: inputs[$0], from: references[$0], beside: side)
    }
  }

  mutating func settle(_ statistics: [Tensor]) {
    var rest = statistics[...]
    guard !rest.isEmpty else { return }
    for index in chains.indices {
      let count = chains[index].parameterRoles.count { $0 == .statistic }
      chains[index].settle(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
  }
}

/// What several lists of layers saved, and how many columns each of them made.
public struct JoinedBranches: Sendable {
  let saved: LayerBranches.Saved
  let widths: [Int]

  /// The columns of a gradient that are each list's.
  func split(_ gradient: Tensor) -> [Tensor] {
    var first = 0
    return widths.map { width in
      defer { first += width }
      return gradient.columns(first..<first + width)
    }
  }
}

extension [Tensor] {
  /// The sum of tensors of one shape.
  ///
  /// - Precondition: There is one.
  func summed() -> Tensor {
    dropFirst().reduce(into: self[0]) { $0 += $1 }
  }
}
