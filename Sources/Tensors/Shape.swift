/// The extent of a tensor along each axis, the slowest first.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The number of axes.
  public let rank: Int
  /// The number of scalars: the product of the extents, 1 for rank 0.
  public let count: Int
  /// The extents, filled up with ones: a shape is made at every step, and an array would be
  /// allocated each time.
  private let lanes: SIMD4<Int>

  /// - Precondition: There are at most 4, none of them negative.
  public init(_ extents: some Collection<Int>) {
    precondition(extents.count <= 4, "a shape of \(extents.count) axes")
    rank = extents.count
    var lanes = SIMD4<Int>(repeating: 1)
    var count = 1
    for (axis, extent) in extents.enumerated() {
      precondition(extent >= 0, "an extent of \(extent)")
      lanes[axis] = extent
      count *= extent
    }
    self.lanes = lanes
    self.count = count
  }

  public init(arrayLiteral extents: Int...) {
    self.init(extents)
  }

  public subscript(axis: Int) -> Int {
    precondition(0 <= axis && axis < rank, "axis \(axis) of \(self)")
    return lanes[axis]
  }

  public var extents: [Int] { (0..<rank).map { lanes[$0] } }

  /// The extent of the last axis; 1 for rank 0.
  public var lastExtent: Int { rank == 0 ? 1 : lanes[rank - 1] }

  public var description: String { extents.description }
}
