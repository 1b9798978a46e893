/// The extents of what flows between two layers, but for the batch's.
public enum Extents: Hashable, Sendable, CustomStringConvertible {
  /// `[batch, position, channel]`
  case positions(Int, channels: Int)
  /// `[batch, feature]`
  case vector(Int)

  /// The features of an example. More than `Int` holds count as `Int.max`.
  public var count: Int {
    switch self {
    case .positions(let positions, let channels):
      let (product, overflow) = positions.multipliedReportingOverflow(by: channels)
      return overflow ? .max : product
    case .vector(let count): return count
    }
  }

  /// The extent of the last axis: the channels, or the features if there are no positions.
  public var channels: Int {
    switch self {
    case .positions(_, let channels): channels
    case .vector(let count): count
    }
  }

  /// Such as `86 × 64` or `128`.
  public var description: String {
    switch self {
    case .positions(let positions, let channels): "\(positions) × \(channels)"
    case .vector(let count): "\(count)"
    }
  }
}
