internal import Glibc
internal import Kernels
internal import Synchronization

/// What keeps OpenBLAS from being used.
public enum MatrixLibraryError: Error, Equatable {
  /// The system can't load it, for this reason.
  case notLoaded(String)
  /// The process may not have the memory that it needs.
  case noMemory
}

/// Loads what matrix products need, so that a lack of it is an error here and not the end of a
/// computation.
public func loadMatrixLibrary() throws(MatrixLibraryError) {
  _ = try OpenBLAS.loaded.get()
}

/// The name of OpenBLAS's kernels that are used, such as `SkylakeX`: those that suit this CPU, or those that
/// OPENBLAS_CORETYPE names.
public var blasKernelName: String { OpenBLAS.shared.kernelName }

/// OpenBLAS, told to stay on the calling thread: batches are what is split among threads.
///
/// It is loaded when it is needed, not with the program, because it takes memory as soon as it is loaded,
/// and again for each product that is computed at the same time as others. If a limit (`ulimit -v`) leaves
/// none, it asks again for ever. So it is asked only if there is enough, and more products than there is
/// memory for take turns. That doesn't change their bits.
final class OpenBLAS: Sendable {
  static let loaded: Result<OpenBLAS, MatrixLibraryError> = load()

  /// - Precondition: It can be loaded; `loadMatrixLibrary()` tells.
  static var shared: OpenBLAS {
    switch loaded {
    case .success(let library): library
    case .failure(let error): fatalError("no matrix products: \(error)")
    }
  }

  let kernelName: String
  private let product: Product
  private let buffers: Buffers
  private let state = Mutex(State())
  /// More products than this at a time take turns. A build without any threads doesn't lock what its
  /// calls share, so it gets one at a time; other builds have a fixed number of buffers.
  private let mostAtATime: Int

  private struct State {
    /// The number of products that are being computed.
    var running = 0
    /// The addresses of the buffers that products may use.
    var buffers: Set<UInt> = []
  }

  /// How OpenBLAS takes the buffer of a product, and gives it back for the next one.
  private struct Buffers {
    let take: @convention(c) (CInt) -> UnsafeMutableRawPointer?
    let giveBack: @convention(c) (UnsafeMutableRawPointer?) -> Void
  }

  /// The arguments of `cblas_sgemm`, whose enumerations are C's `int`.
  private typealias Product =
    @convention(c) (
      _ order: CInt, _ transposeA: CInt, _ transposeB: CInt, _ rows: CInt, _ columns: CInt,
      _ inner: CInt, _ alpha: Float, _ a: UnsafePointer<Float>, _ strideA: CInt,
      _ b: UnsafePointer<Float>, _ strideB: CInt, _ beta: Float, _ sum: UnsafeMutablePointer<Float>,
      _ strideSum: CInt
    ) -> Void

  private static let rowMajor: CInt = 101
  private static let (asIs, transposed): (CInt, CInt) = (111, 112)
  /// What `openblas_get_parallel` returns for a build without threads.
  private static let sequential: CInt = 0

  /// The size of a buffer on x86-64, with some to spare, and what the library takes when it is loaded: two
  /// buffers, and its own code and that of its dependencies.
  private static let (bufferBytes, loadedBytes) = (144 << 20, 2 * (128 << 20) + (64 << 20))

  private init(_ handle: UnsafeMutableRawPointer) throws(MatrixLibraryError) {
    func symbol<Function>(
      _ name: String, _ type: Function.Type
    ) throws(MatrixLibraryError) -> Function {
      guard let symbol = dlsym(handle, name) else { throw .notLoaded("it has no \(name)") }
      return unsafeBitCast(symbol, to: type)
    }
    typealias Getter = @convention(c) () -> CInt
    typealias Name = @convention(c) () -> UnsafePointer<CChar>
    try symbol("openblas_set_num_threads", (@convention(c) (CInt) -> Void).self)(1)
    kernelName = String(cString: try symbol("openblas_get_corename", Name.self)())
    mostAtATime =
      try symbol("openblas_get_parallel", Getter.self)() == Self.sequential ? 1 : 100
    product = try symbol("cblas_sgemm", Product.self)
    buffers = Buffers(
      take: try symbol(
        "blas_memory_alloc", (@convention(c) (CInt) -> UnsafeMutableRawPointer?).self),
      giveBack: try symbol(
        "blas_memory_free", (@convention(c) (UnsafeMutableRawPointer?) -> Void).self))
    guard state.withLock({ addBuffer(to: &$0) }) else { throw .noMemory }
  }

  private static func load() -> Result<OpenBLAS, MatrixLibraryError> {
    guard hasRoom(for: loadedBytes) else { return .failure(.noMemory) }
    // Or it would take memory for a thread for each processor at once.
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    // The build with OpenMP asks OpenMP too, whose setting is each thread's own: without this a product on a thread
    // of ours would start others.
    setenv("OMP_NUM_THREADS", "1", 1)
    // It looks for the processor's name, and doesn't know those newer than itself (docs/decisions/0015).
    if let name = coreType { setenv("OPENBLAS_CORETYPE", name, 0) }
    guard let handle = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) else {
      return .failure(.notLoaded(String(cString: dlerror())))
    }
    do throws(MatrixLibraryError) {
      return .success(try OpenBLAS(handle))
    } catch {
      return .failure(error)
    }
  }

  /// OpenBLAS's name for the best kernels that this processor can run; `nil` leaves the choice to it.
  static var coreType: String? {
    if kernels_at(2) != nil { return "SkylakeX" }
    return kernels_at(1) != nil ? "Haswell" : nil
  }

  /// Whether the process may have so many more bytes of memory.
  private static func hasRoom(for bytes: Int) -> Bool {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED
    else { return false }
    munmap(start, bytes)
    return true
  }

  func addProduct(
    _ left: UnsafePointer<Float>, _ a: MatrixFactor, _ right: UnsafePointer<Float>,
    _ b: MatrixFactor, _ sum: UnsafeMutablePointer<Float>
  ) {
    while !begin() { sched_yield() }
    product(
      Self.rowMajor, a.isTransposed ? Self.transposed : Self.asIs,
      b.isTransposed ? Self.transposed : Self.asIs, CInt(a.rows), CInt(b.columns), CInt(b.rows), 1,
      left, CInt(a.storedColumns), right, CInt(b.storedColumns), 1, sum, CInt(b.columns))
    state.withLock { $0.running -= 1 }
  }

  /// Whether a product can begin: there is a buffer for it.
  private func begin() -> Bool {
    state.withLock { state in
      guard state.running < state.buffers.count || addBuffer(to: &state) else { return false }
      state.running += 1
      return true
    }
  }

  /// Sees to it that OpenBLAS has one buffer more.
  ///
  /// - Returns: Whether there was memory for it.
  private func addBuffer(to state: inout State) -> Bool {
    guard state.buffers.count < mostAtATime else { return false }
    // It gives out those that it has first.
    var taken: [UnsafeMutableRawPointer] = []
    defer { for buffer in taken { buffers.giveBack(buffer) } }
    while Self.hasRoom(for: Self.bufferBytes), let buffer = buffers.take(0) {
      taken.append(buffer)
      if state.buffers.insert(UInt(bitPattern: buffer)).inserted { return true }
    }
    return false
  }
}
