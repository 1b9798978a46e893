package import Datasets
internal import Layers
package import Tensors

extension Network {
  /// The mean gradient of a task's output on the straight line from reference sequences to sequences, with respect to
  /// the one-hot input: `[batch, position, base]` (integrated gradients: Sundararajan, Taly & Yan 2017, eq. 1).
  ///
  /// The line is cut into segments. A network of rectifiers and maxima is linear between turns, so the gradients at both
  /// ends of a segment are weighted by where the tangents meet: then they add up to the rise of the output. A segment
  /// whose tangents don't meet within it is cut in two.
  /// - Precondition: The network is `plain`; as many references, all of one length.
  package func meanGradient(of batch: SequenceBatch, from reference: SequenceBatch, task: Int)
    -> Tensor
  {
    let path = InputPath(
      network: self, start: stem.forwardErased(reference).output,
      end: stem.forwardErased(batch).output, side: batch.sideTensor, task: task)
    return stem.inputGradientErased(path.meanGradient, saved: true, batch: batch)
  }
}

/// The straight lines between as many inputs, `[strands · batch, position, base]`.
private struct InputPath {
  /// The segments at first, and how often some of them are cut.
  private static let leastSegments = 8
  private static let mostCuts = 8

  let network: Network
  let start: Tensor
  let end: Tensor
  /// The numbers beside the sequences, `[batch, number]`.
  let side: Tensor?
  let task: Int

  private var strands: Int { network.configuration.strands.strandCount }
  private var count: Int { start.shape[0] / strands }
  /// The numbers of a row.
  private var size: Int { start.scalars.count / start.shape[0] }

  var meanGradient: Tensor {
    let segments = Self.leastSegments
    let grid = (0...segments).map { step in
      points((0..<count).map { ($0, Float(step) / Float(segments)) })
    }
    var mean = Tensor(zeros: start.shape)
    var open = (0..<segments).flatMap { step in
      (0..<count).map { PathSegment(from: grid[step][$0], to: grid[step + 1][$0]) }
    }
    let rises = (0..<count).map { abs(grid[segments][$0].output - grid[0][$0].output) }
    for _ in 0..<Self.mostCuts where !open.isEmpty {
      let cut = open.filter { !$0.isBalanced(forRise: rises[$0.from.example]) }
      for segment in open where segment.isBalanced(forRise: rises[segment.from.example]) {
        add(segment, to: &mean)
      }
      let middles = points(cut.map { ($0.from.example, ($0.from.position + $0.to.position) / 2) })
      open = zip(cut, middles).flatMap { segment, middle in
        [
          PathSegment(from: segment.from, to: middle), PathSegment(from: middle, to: segment.to),
        ]
      }
    }
    for segment in open { add(segment, to: &mean) }
    return mean
  }

  /// Computes points of some lines.
  private func points(_ places: [(example: Int, position: Float)]) -> [PathPoint] {
    guard !places.isEmpty else { return [] }
    var inputs = Tensor(zeros: Shape([strands * places.count] + start.shape.extents.dropFirst()))
    for strand in 0..<strands {
      for (index, place) in places.enumerated() {
        let to = (strand * places.count + index) * size
        let from = (strand * count + place.example) * size
        for offset in 0..<size {
          let first = start.scalars[from + offset]
          inputs.scalars[to + offset] =
            first + place.position * (end.scalars[from + offset] - first)
        }
      }
    }
    let read = network.featureGradient(
      at: inputs, beside: side.map { numbers(in: $0, of: places.map(\.example)) }, task: task)
    return places.enumerated().map { index, place in
      let gradient = (0..<strands).map { strand in
        let first = (strand * places.count + index) * size
        return Array(read.gradient.scalars[first..<first + size])
      }
      return PathPoint(
        example: place.example, position: place.position,
        output: Double(read.logits.scalars[index * network.taskCount + task]),
        rate: rate(of: gradient, example: place.example), gradient: gradient)
    }
  }

  private func numbers(in side: Tensor, of examples: [Int]) -> Tensor {
    let count = side.shape[1]
    return Tensor(
      shape: [examples.count, count],
      scalars: examples.flatMap { side.scalars[$0 * count..<($0 + 1) * count] })
  }

  private func rate(of gradient: [[Float]], example: Int) -> Double {
    var rate = 0.0
    for (strand, scalars) in gradient.enumerated() {
      let first = (strand * count + example) * size
      for (offset, slope) in scalars.enumerated() {
        rate += Double(slope) * Double(end.scalars[first + offset] - start.scalars[first + offset])
      }
    }
    return rate
  }

  private func add(_ segment: PathSegment, to mean: inout Tensor) {
    for (point, weight) in [
      (segment.from, segment.length * segment.share),
      (segment.to, segment.length * (1 - segment.share)),
    ] {
      for (strand, scalars) in point.gradient.enumerated() {
        let first = (strand * count + point.example) * size
        for (offset, slope) in scalars.enumerated() {
          mean.scalars[first + offset] += Float(weight) * slope
        }
      }
    }
  }
}

/// A point of a line.
private struct PathPoint {
  let example: Int
  /// From 0 to 1.
  let position: Float
  let output: Double
  /// How fast the output rises along the line.
  let rate: Double
  /// That of each strand's input.
  let gradient: [[Float]]
}

/// A part of a line.
private struct PathSegment {
  let from: PathPoint
  let to: PathPoint

  var length: Double { Double(to.position) - Double(from.position) }
  private var rise: Double { to.output - from.output }

  /// The weight of the gradient at the start: that of a turn where the tangents meet.
  var share: Double {
    from.rate == to.rate
      ? 0.5 : min(1, max(0, (rise / length - to.rate) / (from.rate - to.rate)))
  }

  /// Whether the gradients add up to the rise of the output, as exactly as sums in single precision can tell.
  ///
  /// - Parameter total: The rise along the whole line.
  func isBalanced(forRise total: Double) -> Bool {
    let missing = rise - length * (share * from.rate + (1 - share) * to.rate)
    return abs(missing) <= max(2e-6 * max(1, abs(to.output)), 4e-6 * total)
  }
}
