import Datasets
import Genomics
import GenomicsIO
import Inference
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct AllelePartsTests {
  private static let bases = randomBases(400, seed: 12).text

  private func change(_ filter: Int, _ effect: Float, gained: Bool = true) -> FilterChange {
    FilterChange(filter: filter, isGained: gained, effect: effect)
  }

  /// By hand.
  @Test func theLeadingPartHasTheSignOfTheDifference() {
    let parts = AlleleParts(
      filters: [change(3, -2, gained: false), change(5, 1.5), change(7, -0.25)], kmers: 1.25)
    #expect(parts.gained == 1.25 && parts.lost == -2)
    #expect(parts.all.map(\.effect) == [-2, 1.5, -0.25, 1.25])
    #expect(parts.leading(in: 0.5) == .filter(change(5, 1.5)))
    #expect(parts.leading(in: -0.5) == .filter(change(3, -2, gained: false)))
    #expect(parts.leading(in: 0) == nil)
    #expect(AlleleParts(filters: [change(1, -1)], kmers: 3).leading(in: 2) == .kmers(3))
    #expect(AlleleParts(filters: [change(1, -1)], kmers: nil).leading(in: 2) == nil)
    #expect(
      AlleleParts(filters: [change(1, 1), change(2, 1)], kmers: 1).leading(in: 3)
        == .filter(change(1, 1)))
  }

  private func scores(_ model: Model) throws -> [(variant: Variant, score: AlleleScore)] {
    let folder = TemporaryFolder()
    let fasta = Gzip.member(">7\n\(Self.bases)\n".utf8)
    let genome = try Genome(path: folder.write(fasta, to: "g.fa.gz"))
    let variants = Self.variants
    return try zip(variants, VariantScorer(model: model, genome: genome).score(variants)).compactMap
    {
      guard case .scored(let score) = $1.outcomes[0] else { return nil }
      return ($0, score)
    }
  }

  /// Substitutions of one base and of five, deletions and insertions.
  private static var variants: [Variant] {
    let letters = Array(bases)
    return (50..<350).map { (position: Int) -> Variant in
      let reference = String(letters[position..<position + (position % 4 == 1 ? 5 : 1)])
      let first = String(reference.prefix(1))
      let alternate =
        switch position % 4 {
        case 0: first == "A" ? "C" : "A"
        case 1: String(reference.reversed()) == reference ? "TTTTT" : String(reference.reversed())
        case 2: first + "GATTACA"
        default: first + "C"
        }
      return Variant(
        sequence: "7", position: position, reference: reference, alternates: [alternate])
    }
  }

  static let rules: [(StrandRule, Pooling)] = [
    (.forward, .max), (.max, .maxAndMean), (.mean, .max), (.pooled, .maxAndMean), (.pooled, .max),
  ]

  /// Two networks of one hidden layer and a k-mer table, each with a weight of its own for either task.
  private func ensemble(_ strands: StrandRule, _ pooling: Pooling) throws -> Model {
    let toy = try toyModel(windowLength: 31, pooling: pooling, strands: strands)
    var second = toy.ensemble.networks[0]
    second.parameters = second.parameters.map { parameter in
      Tensor(shape: parameter.shape, scalars: parameter.scalars.map { 0.7 * $0 + 0.05 })
    }
    var random = RandomStream(seed: 3, .initialization)
    let kmers = KmerTable(
      scalars: Tensor(
        shape: [1 << 20, 2], scalars: (0..<1 << 21).map { _ in random.uniform() - 0.5 }),
      bias: Tensor(shape: [2], scalars: [0.1, -0.1]))
    return Model(
      ensemble: Ensemble(
        networks: [toy.ensemble.networks[0], second], kmers: kmers,
        weights: Tensor(shape: [3, 2], scalars: [1, 0.5, -3, 1, 0.2, 2]),
        intercept: Tensor(shape: [2], scalars: [1, 2])),
      objective: .binary, tasks: toy.tasks, windowLength: 31, provenance: toy.provenance,
      background: [])
  }

  /// All parts of each allele add up to the difference of its outputs, to 1e-4 beside outputs of up to about 10, and
  /// the leading one has its sign.
  @Test(arguments: rules) func addUpToTheDifference(strands: StrandRule, pooling: Pooling) throws {
    let scores = try scores(ensemble(strands, pooling))
    #expect(scores.count == 300)
    var opposed = 0
    for (_, score) in scores {
      let parts = try #require(score.parts)
      for task in 0..<2 {
        let difference = score.centred.difference(task: task)
        let sum = parts[task].all.reduce(0) { $0 + $1.effect }
        #expect(abs(sum - difference) < 1e-4)
        #expect(
          abs(parts[task].gained + parts[task].lost + (parts[task].kmers ?? 0) - sum) < 1e-4)
        let largest = parts[task].all.max { abs($0.effect) < abs($1.effect) }
        if let largest, largest.effect * difference < 0 { opposed += 1 }
        if let leading = parts[task].leading(in: difference) {
          #expect(leading.effect * difference > 0)
        } else {
          #expect(abs(difference) < 1e-4)
        }
      }
    }
    // Without the rule of signs some records would name a part that opposes the difference.
    #expect(opposed > 10)
  }

  /// What the k-mers add by their scores; what the filters add by the definition of integrated gradients: the mean
  /// gradient at the middles of 2,000 equal steps, of a network that is written out in plain `Double` loops.
  @Test(arguments: rules) func areIntegratedGradients(strands: StrandRule, pooling: Pooling) throws
  {
    let model = try ensemble(strands, pooling)
    let letters = Array(Self.bases)
    for (variant, score) in try scores(model).filter({ $0.variant.position % 12 == 0 }) {
      let position = variant.position
      let (before, behind) = (
        String(letters[position - 15..<position]), String(letters[position + 1..<position + 16])
      )
      let windows = [variant.reference, variant.alternates[0]].map {
        EncodedSequence(before + $0 + behind)!
      }
      for task in 0..<2 {
        var expected = [Double](repeating: 0, count: 8)
        for (number, network) in model.ensemble.networks.enumerated() {
          let head = PlainHead(of: network, task: task)
          let weight = Double(model.ensemble.weights.scalars[2 * number + task])
          let features = windows.map { network.stemFeatures(SequenceBatch([$0])) }
          for (index, effect) in head.integratedGradients(features[0], features[1]).enumerated() {
            expected[4 * number + index % features[0].shape.lastExtent % 4] += weight * effect
          }
        }
        let parts = try #require(score.parts?[task])
        var found = [Double](repeating: 0, count: 8)
        for change in parts.filters { found[change.filter] = Double(change.effect) }
        let scale = expected.reduce(0.1) { max($0, abs($1)) }
        for filter in 0..<8 { #expect(abs(found[filter] - expected[filter]) < 3e-3 * scale) }
        let kmers = model.ensemble.kmers!.outputs(windows, threads: 1).scalars
        let weight = model.ensemble.weights.scalars[4 + task]
        #expect(abs(try #require(parts.kmers) - weight * (kmers[2 + task] - kmers[task])) < 1e-6)
      }
    }
  }
}

/// The layers behind the stem of a network of one hidden layer of rectifiers, and its rule for strands.
private struct PlainHead {
  private let hidden: (weight: [Float], bias: [Float])
  private let output: (weight: [Float], bias: Float)
  private let strands: StrandRule

  init(of network: Network, task: Int) {
    let parameters = network.parameters
    hidden = (parameters[2].scalars, parameters[3].scalars)
    let tasks = network.taskCount
    output = (
      (0..<hidden.bias.count).map { parameters[4].scalars[$0 * tasks + task] },
      parameters[5].scalars[task]
    )
    strands = network.configuration.strands
  }

  /// The output of one row of features, and its gradient.
  private func read(_ row: ArraySlice<Double>) -> (output: Double, gradient: [Double]) {
    var (sum, gradient) = (Double(output.bias), [Double](repeating: 0, count: row.count))
    for unit in hidden.bias.indices {
      var value = Double(hidden.bias[unit])
      for (index, feature) in row.enumerated() {
        value += feature * Double(hidden.weight[index * hidden.bias.count + unit])
      }
      guard value > 0 else { continue }
      sum += value * Double(output.weight[unit])
      for index in gradient.indices {
        gradient[index] +=
          Double(hidden.weight[index * hidden.bias.count + unit] * output.weight[unit])
      }
    }
    return (sum, gradient)
  }

  private func gradient(_ features: [Double]) -> [Double] {
    guard strands == .max || strands == .mean else { return read(features[...]).gradient }
    let half = features.count / 2
    let (forward, reverse) = (read(features[..<half]), read(features[half...]))
    let none = [Double](repeating: 0, count: half)
    if strands == .mean { return (forward.gradient + reverse.gradient).map { $0 / 2 } }
    return reverse.output > forward.output ? none + reverse.gradient : forward.gradient + none
  }

  func integratedGradients(_ first: Tensor, _ last: Tensor) -> [Double] {
    let steps = 2000
    let (start, end) = (first.scalars.map(Double.init), last.scalars.map(Double.init))
    var sum = [Double](repeating: 0, count: start.count)
    for step in 0..<steps {
      let position = (Double(step) + 0.5) / Double(steps)
      let gradient = gradient(zip(start, end).map { $0 + position * ($1 - $0) })
      for index in sum.indices { sum[index] += gradient[index] / Double(steps) }
    }
    return sum.indices.map { (end[$0] - start[$0]) * sum[$0] }
  }
}
