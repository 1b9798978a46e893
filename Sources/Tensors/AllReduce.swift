internal import Genomics
internal import Kernels
internal import Synchronization

/// Sums vectors that a group of threads compute in step, so that each thread has every sum.
///
/// In a step each vector is written by one of the threads. When all have arrived, each adds the vectors
/// up by itself, in their order: all get the same bits, however many threads there are. All that passes
/// between processors in a step is one look at what the others have written.
public final class AllReduce: Sendable {
  private let threads: Int
  private let vectors: Int
  /// The numbers in a vector.
  private let count: Int
  /// From one vector to the next: whole cache lines.
  private let stride: Int
  /// `[2, vectors, stride]`: those of even steps and those of odd ones. Whoever writes in a step knows
  /// that all have arrived at the step before, and so have read what was written in the one before that.
  private let numbers: Slots<Float>
  /// The number of steps that each thread has arrived at, and whether it has left.
  private let arrivals: Slots<Atomic<Int>>
  /// The number of vectors that were asked for beyond each thread's first.
  private let tickets = Atomic<Int>(0)

  /// Two cache lines, as processors fetch them in pairs.
  private static let arrivalStride = 16
  /// What is added to the number of steps of a leader that has left.
  private static let left = 1 << 62

  /// - Parameters:
  ///   - vectors: The most that a step has.
  ///   - count: The numbers in a vector, the scalar beside its tensors included.
  public init(threads: Int, vectors: Int, count: Int) {
    precondition(threads >= 1 && vectors >= 1 && count >= 1)
    self.threads = threads
    self.vectors = vectors
    self.count = count
    let lanes = Int(MOTIF_LANES)
    stride = count.dividedRoundingUp(by: lanes) * lanes
    let capacity = 2 * vectors * stride
    numbers = Slots(
      base: UnsafeMutableRawPointer.allocate(
        byteCount: capacity * MemoryLayout<Float>.stride, alignment: Int(MOTIF_ALIGNMENT)
      ).bindMemory(to: Float.self, capacity: capacity))
    arrivals = Slots(base: .allocate(capacity: threads * Self.arrivalStride))
    for thread in 0..<threads {
      (arrivals.base + thread * Self.arrivalStride).initialize(to: Atomic(0))
    }
  }

  deinit {
    numbers.base.deallocate()
    arrivals.base.deallocate()
  }

  /// Whether so many tensors and a scalar make up a vector.
  private func holds(_ tensors: [Tensor]) -> Bool {
    tensors.reduce(1) { $0 + $1.scalars.count } == count
  }

  /// Where a vector of a step stands.
  private func vector(_ index: Int, step: Int) -> UnsafeMutablePointer<Float> {
    numbers.base + (step % 2 * vectors + index) * stride
  }

  private func add(_ steps: Int, toArrivalsOf thread: Int) {
    arrivals.base[thread * Self.arrivalStride].add(steps, ordering: .releasing)
  }

  private func arrivals(of thread: Int) -> Int {
    arrivals.base[thread * Self.arrivalStride].load(ordering: .acquiring)
  }

  /// One thread's part. Thread 0 leads: when its part ends, so does the group.
  public struct Member: ~Copyable {
    private let group: AllReduce
    private let thread: Int
    private var step = 0
    /// The number of tickets that all threads together have drawn in the steps before.
    private var drawn = 0

    /// - Parameter thread: Below the number of threads, and another one for each.
    public init(_ thread: Int, of group: AllReduce) {
      precondition(0 <= thread && thread < group.threads)
      self.group = group
      self.thread = thread
    }

    deinit { if thread == 0 { group.add(AllReduce.left, toArrivalsOf: 0) } }

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

    /// The vector that is this thread's in every step that has so many.
    public var firstVector: Int { thread }

    /// Another of this step's `count` vectors, which no other thread writes.
    public func nextVector(of count: Int) -> Int? {
      guard count > group.threads else { return nil }
      let ticket = group.tickets.add(1, ordering: .relaxed).oldValue - drawn
      return group.threads + ticket < count ? group.threads + ticket : nil
    }

    /// Writes a vector of this step: tensors and a scalar.
    ///
    /// - Precondition: They are as many numbers as the group's vectors have.
    public func write(_ tensors: [Tensor], and scalar: Float, as vector: Int) {
      precondition(vector < group.vectors && group.holds(tensors), "a vector of another group")
      var place = group.vector(vector, step: step)
      for tensor in tensors {
        tensor.scalars.withUnsafeBufferPointer { scalars in
          guard let first = scalars.baseAddress else { return }
          place.initialize(from: first, count: scalars.count)
        }
        place += tensor.scalars.count
      }
      place.initialize(to: scalar)
    }

    /// Says that this thread has written its vectors of this step.
    public func arrive() {
      group.add(1, toArrivalsOf: thread)
    }

    /// Whether the leader has left.
    public var isDissolved: Bool { group.arrivals(of: 0) >= AllReduce.left }

    /// Whether all others have arrived.
    public var othersHaveArrived: Bool {
      (0..<group.threads).allSatisfy {
        $0 == thread || group.arrivals(of: $0) % AllReduce.left > step
      }
    }

    /// Waits until all have arrived.
    ///
    /// - Parameter limit: For how long the leader waits, asked for only where it waits for some
    ///   microseconds; by default for ever. The others wait as long as it stays.
    /// - Returns: Whether they have.
    @discardableResult
    public func wait(upTo limit: @autoclosure () -> Duration? = nil) -> Bool {
      var patience = Patience()
      var deadline: ContinuousClock.Instant?
      while !othersHaveArrived {
        if isDissolved { return othersHaveArrived }
        if thread == 0, patience.isWorn {
          if deadline == nil { deadline = limit().map { .now + $0 } }
          if let deadline, .now > deadline { return false }
        }
        patience.wait()
      }
      return true
    }

    /// Ends the step by adding its vectors up.
    ///
    /// - Parameters:
    ///   - count: The number of vectors in this step.
    ///   - sums: Of the tensors' shapes; what they held is lost.
    /// - Returns: The sum of the scalars.
    /// - Precondition: All have arrived.
    public mutating func sum(_ count: Int, into sums: inout [Tensor]) -> Float {
      precondition(count <= group.vectors && group.holds(sums), "vectors of another group")
      var place = UnsafePointer(group.vector(0, step: step))
      let (rows, stride) = (Int64(count), Int64(group.stride))
      for index in sums.indices {
        let length = sums[index].scalars.count
        sums[index].scalars.withUnsafeMutableBufferPointer { sum in
          guard let first = sum.baseAddress else { return }
          sum.update(repeating: 0)
          add_rows(place, rows, stride, Int64(length), first)
        }
        place += length
      }
      var scalar: Float = 0
      add_rows(place, rows, stride, 1, &scalar)
      step += 1
      if count > group.threads { drawn += count }
      return scalar
    }
  }
}
