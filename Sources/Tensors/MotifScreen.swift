internal import Kernels

/// Networks of motifs, their maxima and one hidden layer in whole numbers of 16 bits: the sum of their outputs for each
/// window several times as fast as from `MotifTables`, with an error that is known beforehand.
///
/// A filter's weights are rounded, k-mer by k-mer, to multiples of a step of its own, 1/32,000 of the most that it can
/// score. From one window to the next few maxima change, and the sums of the hidden units follow from those that do.
public struct MotifScreen: Sendable {
  /// Which strand's motifs count.
  public enum Strands: Sendable {
    /// The larger score of both at each position.
    case both
    case forward, reverse
  }

  /// A network, and what its outputs are multiplied by.
  public struct Member {
    let filters, hidden, output: Map
    let weights: [Float]

    /// The width of the filters, in bases.
    public var width: Int { filters.weight.shape[0] }

    /// An affine map: `[inputs, outputs]`, of filters `[width, base, filter]`, and `[outputs]`.
    public typealias Map = (weight: Tensor, bias: Tensor)

    /// - Parameters:
    ///   - hidden: Reads the filters' maxima, at least 0.
    ///   - output: Reads the hidden units' sums, at least 0.
    ///   - weights: One per task.
    public init(filters: Map, hidden: Map, output: Map, weights: [Float]) {
      (self.filters, self.hidden, self.output, self.weights) = (filters, hidden, output, weights)
    }
  }

  /// The most hidden units of a network.
  public static let mostUnits = 4 * Int(MOTIF_LANES)
  /// Windows at a time: so few that the changes of their hidden sums stay in the cache.
  public static let windowsPerBlock = 1024

  /// The largest error of each task's output.
  public let errors: [Double]
  private let width: Int
  private let taskCount: Int
  private let filters: ScreenedFilters
  private let heads: [ScreenedHead]
  private let bias: [Float]

  /// - Parameter intercept: What is added to the sums, one number per task.
  /// - Precondition: Filters of one width, as many hidden units, at most `mostUnits`, and as many tasks everywhere.
  public init(_ members: [Member], intercept: [Float]) {
    taskCount = members[0].output.bias.shape[0]
    width = members[0].filters.weight.shape[0]
    let (first, ownUnits) = (members[0], members[0].hidden.bias.shape[0])
    precondition(
      members.allSatisfy {
        $0.filters.weight.shape[0] == first.filters.weight.shape[0]
          && $0.output.weight.shape == first.output.weight.shape
          && $0.hidden.weight.shape == [$0.filters.bias.shape[0], ownUnits]
      } && ownUnits <= Self.mostUnits, "networks of several kinds")
    let (units, tasks) = (Self.paddedUnits(ownUnits), taskCount)
    let filters = ScreenedFilters(members, units: units)
    self.filters = filters
    heads = members.map { ScreenedHead($0, units: units) }
    bias = (0..<tasks).map { task in
      members.reduce(intercept[task]) { $0 + $1.weights[task] * $1.output.bias.scalars[task] }
    }
    self.errors = (0..<tasks).map { task in
      members.reduce(filters.leftOut) { error, member in
        error + member.outputError(of: task, windows: Self.windowsPerBlock)
      }
    }
  }

  private static func paddedUnits(_ units: Int) -> Int {
    let lanes = Int(MOTIF_LANES)
    return units <= lanes ? lanes : units <= 2 * lanes ? 2 * lanes : 4 * lanes
  }

  /// The outputs of each window of `length` bases in a stretch of codes, `[window][task]`; unknown bases read as A.
  ///
  /// - Precondition: A window is as long as the filters at least, and there are at most `windowsPerBlock`.
  public func outputs(_ codes: [UInt8], length: Int, strands: Strands) -> [Float] {
    let (windows, positions) = (codes.count - length + 1, length - width + 1)
    precondition(
      (1...Self.windowsPerBlock).contains(windows) && positions > 0,
      "\(windows) windows of \(length) bases under filters of \(width)")
    let size = motif_screen_scratch_count(Int64(windows), Int64(positions), Int32(width))
    let allUnits = heads.count * filters.units
    var outputs = (0..<windows * taskCount).map { bias[$0 % taskCount] }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: windows * allUnits) { changes in
      withUnsafeTemporaryAllocation(byteCount: size, alignment: Int(MOTIF_ALIGNMENT)) { scratch in
        filters.withKernelScreen(width: width, allUnits: allUnits) { screen in
          motif_screen(
            &screen, strands.kernelStrand, codes, Int64(windows), Int64(positions),
            scratch.baseAddress!, changes.baseAddress!)
        }
      }
      for (index, head) in heads.enumerated() {
        head.withKernelHead(firstUnit: index * filters.units, allUnits: allUnits) {
          screen_outputs(&$0, changes.baseAddress!, Int64(windows), &outputs)
        }
      }
    }
    return outputs
  }
}

extension MotifScreen.Strands {
  fileprivate var kernelStrand: ScreenStrand {
    switch self {
    case .both: SCREEN_BOTH_STRANDS
    case .forward: SCREEN_FORWARD
    case .reverse: SCREEN_REVERSE
    }
  }
}

/// What is behind a network's filters, its weights multiplied by that of the network.
private struct ScreenedHead {
  private let hiddenBias: [Float]
  /// `[task, unit]`
  private let weights: [Float]
  private let units: Int
  private let taskCount: Int

  init(_ member: MotifScreen.Member, units: Int) {
    let (own, tasks) = (member.hidden.bias.shape[0], member.output.bias.shape[0])
    var weights = [Float](repeating: 0, count: tasks * units)
    for unit in 0..<own {
      for task in 0..<tasks {
        weights[task * units + unit] =
          member.weights[task] * member.output.weight.scalars[unit * tasks + task]
      }
    }
    hiddenBias = member.hidden.bias.scalars + [Float](repeating: 0, count: units - own)
    (self.weights, self.units, taskCount) = (weights, units, tasks)
  }

  func withKernelHead(firstUnit: Int, allUnits: Int, _ body: (inout ScreenHead) -> Void) {
    hiddenBias.withUnsafeBufferPointer { hiddenBias in
      weights.withUnsafeBufferPointer { weights in
        var head = ScreenHead(
          hidden_bias: hiddenBias.baseAddress, weights: weights.baseAddress,
          first_unit: Int32(firstUnit), units: Int32(units), all_units: Int32(allUnits),
          tasks: Int32(taskCount))
        body(&head)
      }
    }
  }
}
