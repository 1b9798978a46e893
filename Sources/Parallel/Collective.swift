/// A member of a group that computes vectors in step, and adds them up so that every member has the sum.
///
/// A step has a number of shards, each with a vector. Every member writes the vectors of its own shards,
/// arrives, waits until all have arrived, and takes the sum. The sum follows a tree that depends on the number
/// of shards alone (`ShardTree`): all members get the same bits, and the same as those of a group of another
/// size. Threads of one process make the first kind of group; processes can make another.
public protocol Collective: ~Copyable {
  /// The number of members.
  var size: Int { get }
  /// This member's number, from 0. Member 0 leads.
  var rank: Int { get }
  /// Whether the leader has left, which ends the group.
  var isDissolved: Bool { get }

  /// Writes the vector of one of this member's shards, its parts one after the other.
  ///
  /// - Precondition: The shards of a step come in ascending order.
  mutating func contribute(_ parts: [[Float]], as shard: Int)

  /// Says that this member has written all its vectors of this step.
  mutating func arrive()

  /// Waits until all have arrived.
  ///
  /// - Parameter limit: How long the leader waits, asked for only if it waits for some microseconds;
  ///   `nil` for ever. The others wait as long as it stays.
  /// - Returns: Whether they have.
  mutating func wait(upTo limit: @autoclosure () -> Duration?) -> Bool

  /// Ends the step by adding its vectors up.
  ///
  /// - Parameter total: Of a vector's length; what it held is lost.
  /// - Precondition: All have arrived.
  mutating func sum(ofShards count: Int, into total: inout [Float])
}

extension Collective where Self: ~Copyable {
  /// The shards of a step that this member computes: consecutive ones.
  public func shards(of count: Int) -> Range<Int> {
    ShardTree.shards(of: count, rank: rank, size: size)
  }
}

/// A binary tree over the shards of a step: two neighbours that make an aligned block of twice their size are
/// added first. What is left in the end is added from the right.
///
/// The partial sums of consecutive shards are few, the logarithm of their number.
enum ShardTree {
  /// The sum of a block of shards.
  struct Node: Equatable {
    let start: Int
    let count: Int

    /// The block that this one and its right neighbour make, if they are added first.
    func joined(with next: Node) -> Node? {
      guard count == next.count, start + count == next.start, start % (2 * count) == 0 else {
        return nil
      }
      return Node(start: start, count: 2 * count)
    }
  }

  static func shards(of count: Int, rank: Int, size: Int) -> Range<Int> {
    count * rank / size..<count * (rank + 1) / size
  }

  /// The partial sums that consecutive shards come to.
  static func nodes(of shards: Range<Int>) -> [Node] {
    var nodes: [Node] = []
    for shard in shards {
      var node = Node(start: shard, count: 1)
      while let joined = nodes.last?.joined(with: node) {
        node = joined
        nodes.removeLast()
      }
      nodes.append(node)
    }
    return nodes
  }

  /// The most partial sums that are kept at a time of up to so many shards, the newest one included.
  static func mostNodes(of shards: Int) -> Int {
    2 * (Int.bitWidth - max(1, shards).leadingZeroBitCount) + 1
  }
}
