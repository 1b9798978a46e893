/// The extent of a tensor along each axis, the slowest first.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let extents: [Int]

  /// - Precondition: No extent is negative.
  public init(_ extents: [Int]) {
    precondition(extents.allSatisfy { $0 >= 0 }, "a shape of \(extents)")
    self.extents = extents
  }

  public init(arrayLiteral extents: Int...) {
    self.init(extents)
  }

  public subscript(axis: Int) -> Int { extents[axis] }

  public var rank: Int { extents.count }

  /// The number of scalars: the product of the extents, 1 for rank 0.
  public var count: Int { extents.reduce(1, *) }

  public var description: String { extents.description }
}
