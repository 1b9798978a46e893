internal import Genomics
internal import Kernels
internal import Synchronization

/// A group of threads that add vectors up in step.
///
/// All that passes between processors in a step is one look at what the others have written: each thread
/// adds the partial sums up by itself.
public final class ThreadCollective: Sendable {
  private let memory: SharedMemory

  /// - Parameters:
  ///   - shards: The most that a step has.
  ///   - count: The numbers in a vector.
  public init(threads: Int, shards: Int, count: Int) {
    precondition(threads >= 1 && shards >= 1 && count >= 1)
    memory = SharedMemory(threads: threads, shards: shards, count: count)
  }

  deinit { memory.deallocate() }

  /// One thread's part. Thread 0 leads: when its part ends, so does the group.
  public struct Member: ~Copyable, Collective {
    /// Owns the memory.
    private let group: ThreadCollective
    private let memory: SharedMemory
    public let rank: Int
    private var step = 0
    /// What this thread has added up in this step.
    private var nodes: [ShardTree.Node] = []

    /// - Parameter rank: Below the number of threads, and another one for each.
    public init(_ rank: Int, of group: ThreadCollective) {
      precondition(0 <= rank && rank < group.memory.threads)
      (self.group, memory) = (group, group.memory)
      self.rank = rank
    }

    deinit { if rank == 0 { memory.add(SharedMemory.left, toArrivalsOf: 0) } }

    public var size: Int { memory.threads }

    /// Takes a step without vectors: waits until all are there.
    ///
    /// - Returns: Whether they are.
    @discardableResult
    public mutating func barrier() -> Bool {
      arrive()
      let isComplete = wait()
      step += 1
      return isComplete
    }

    /// - Precondition: The parts are as many numbers as the group's vectors have.
    public mutating func contribute(_ parts: [[Float]], as shard: Int) {
      precondition(nodes.count < memory.depth, "more shards than the group has room for")
      var node = ShardTree.Node(start: shard, count: 1)
      let pair = nodes.last?.joined(with: node)
      if let pair {
        node = pair
        nodes.removeLast()
      }
      let first = memory.place(nodes.count, of: rank, step: step)
      var written = 0
      for part in parts {
        precondition(written + part.count <= memory.count, "a vector of another group")
        part.withUnsafeBufferPointer { numbers in
          guard let numbers = numbers.baseAddress else { return }
          if pair != nil {
            add_rows(numbers, 1, Int64(part.count), Int64(part.count), first + written)
          } else {
            (first + written).initialize(from: numbers, count: part.count)
          }
        }
        written += part.count
      }
      precondition(written == memory.count, "a vector of another group")
      while let joined = nodes.last?.joined(with: node) {
        add_rows(
          memory.place(nodes.count, of: rank, step: step), 1, Int64(memory.stride),
          Int64(memory.count), memory.place(nodes.count - 1, of: rank, step: step))
        node = joined
        nodes.removeLast()
      }
      nodes.append(node)
    }

    public mutating func arrive() {
      memory.add(1, toArrivalsOf: rank)
    }

    public var isDissolved: Bool { memory.arrivals(of: 0) >= SharedMemory.left }

    /// Whether all others have arrived.
    public var othersHaveArrived: Bool {
      (0..<memory.threads).allSatisfy {
        $0 == rank || memory.arrivals(of: $0) % SharedMemory.left > step
      }
    }

    @discardableResult
    public mutating func wait(upTo limit: @autoclosure () -> Duration? = nil) -> Bool {
      var spin = SpinWait()
      var deadline: ContinuousClock.Instant?
      while !othersHaveArrived {
        if isDissolved { return othersHaveArrived }
        if rank == 0, spin.isLong {
          if deadline == nil { deadline = limit().map { .now + $0 } }
          if let deadline, .now > deadline { return false }
        }
        spin.wait()
      }
      return true
    }

    public mutating func sum(ofShards count: Int, into total: inout [Float]) {
      precondition(
        count <= memory.shards && total.count == memory.count, "vectors of another group")
      total.withUnsafeMutableBufferPointer { total in
        guard let total = total.baseAddress else { return }
        total.update(repeating: 0, count: memory.count)
        memory.addAll(ofShards: count, step: step, to: total)
      }
      step += 1
      nodes.removeAll(keepingCapacity: true)
    }
  }
}

/// What the threads of a group share: plain addresses, so that no thread counts owners while another does.
private struct SharedMemory: Sendable {
  let threads: Int
  /// The most shards of a step.
  let shards: Int
  /// The numbers in a vector.
  let count: Int
  /// From one vector to the next: whole cache lines.
  let stride: Int
  /// The partial sums that a thread has room for.
  let depth: Int
  /// `[2, threads, depth, stride]`: those of even steps and those of odd ones. A writer in step n has seen
  /// every thread reach n - 1, so all have read what was written in n - 2.
  private let numbers: Slots<Float>
  /// The number of steps that each thread has arrived at, and whether it has left.
  private let arrivals: Slots<Atomic<Int>>

  /// Two cache lines, as processors fetch them in pairs.
  private static let arrivalStride = 16
  /// What is added to the number of steps of a leader that has left.
  static let left = 1 << 62

  init(threads: Int, shards: Int, count: Int) {
    self.threads = threads
    self.shards = shards
    self.count = count
    depth = ShardTree.mostNodes(of: shards.dividedRoundingUp(by: threads))
    let lanes = Int(MOTIF_LANES)
    stride = count.dividedRoundingUp(by: lanes) * lanes
    let capacity = 2 * threads * depth * stride
    numbers = Slots(
      base: UnsafeMutableRawPointer.allocate(
        byteCount: capacity * MemoryLayout<Float>.stride, alignment: Int(MOTIF_ALIGNMENT)
      ).bindMemory(to: Float.self, capacity: capacity))
    expect_writes(numbers.base, Int64(capacity * MemoryLayout<Float>.stride))
    let places = threads * Self.arrivalStride
    arrivals = Slots(
      base: UnsafeMutableRawPointer.allocate(
        byteCount: places * MemoryLayout<Atomic<Int>>.stride,
        alignment: Self.arrivalStride * MemoryLayout<Atomic<Int>>.stride
      ).bindMemory(to: Atomic<Int>.self, capacity: places))
    for thread in 0..<threads {
      (arrivals.base + thread * Self.arrivalStride).initialize(to: Atomic(0))
    }
  }

  func deallocate() {
    numbers.base.deallocate()
    arrivals.base.deallocate()
  }

  /// Where a partial sum of a thread stands.
  func place(_ index: Int, of thread: Int, step: Int) -> UnsafeMutablePointer<Float> {
    numbers.base + ((step % 2 * threads + thread) * depth + index) * stride
  }

  func add(_ steps: Int, toArrivalsOf thread: Int) {
    arrivals.base[thread * Self.arrivalStride].add(steps, ordering: .releasing)
  }

  func arrivals(of thread: Int) -> Int {
    arrivals.base[thread * Self.arrivalStride].load(ordering: .acquiring)
  }

  /// Adds the vectors of a step to zeros.
  func addAll(ofShards count: Int, step: Int, to total: UnsafeMutablePointer<Float>) {
    if threads <= 2, count <= 2 {
      // What most trainings do takes no more than it must. A single shard is the last thread's.
      let rows = min(threads, count)
      add_rows(
        place(0, of: threads - rows, step: step), Int64(rows), Int64(depth * stride),
        Int64(self.count), total)
      return
    }
    var sums: [(node: ShardTree.Node, vector: [Float])] = []
    for thread in 0..<threads {
      for (index, node) in ShardTree.nodes(of: ownShards(thread, count)).enumerated() {
        let place = place(index, of: thread, step: step)
        sums.append((node, Array(UnsafeBufferPointer(start: place, count: self.count))))
        while let joined = sums.dropLast().last?.node.joined(with: sums[sums.count - 1].node) {
          addLast(of: &sums)
          sums[sums.count - 1].node = joined
        }
      }
    }
    while sums.count > 1 { addLast(of: &sums) }
    if let sum = sums.first { add(sum.vector, to: total) }
  }

  private func ownShards(_ thread: Int, _ count: Int) -> Range<Int> {
    ShardTree.shards(of: count, rank: thread, size: threads)
  }

  /// Adds the last sum to the one before it.
  private func addLast(of sums: inout [(node: ShardTree.Node, vector: [Float])]) {
    let last = sums.removeLast().vector
    let index = sums.count - 1
    sums[index].vector.withUnsafeMutableBufferPointer { sum in
      guard let sum = sum.baseAddress else { return }
      add(last, to: sum)
    }
  }

  private func add(_ vector: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>) {
    add_rows(vector, 1, Int64(stride), Int64(count), sum)
  }
}
