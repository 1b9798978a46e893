internal import Kernels

extension Tensor {
  /// The scores of each window of `length` bases in a stretch of codes, `[window][task]`: the bias,
  /// and the sum of this table's rows for the window's k-mers over the square root of their number.
  ///
  /// This is the table, `[4^span, tasks]`; the first base of a k-mer has the highest place. K-mers
  /// with an unknown base add 0, and windows without a k-mer have the bias. Sums slide from window to
  /// window: they are exact where `Double` holds every sum of a column's numbers exactly.
  /// - Precondition: Codes are 0…4; `bias` is `[tasks]`.
  public func kmerWindowScores(_ codes: [UInt8], length: Int, span: Int, bias: Tensor) -> [Float] {
    let tasks = shape[1]
    precondition(
      shape == [1 << (2 * span), tasks] && bias.shape == [tasks] && length >= 0,
      "windows of \(length), \(span)-mers in \(shape), \(bias.shape)")
    let windows = codes.count - length + 1
    guard windows > 0 else { return [] }
    guard length >= span else { return (0..<windows).flatMap { _ in bias.scalars } }
    return [Float](count: windows * tasks) { output in
      withKernelArguments(span: span, bias: bias, kmers: length - span + 1) { table, sums in
        kmer_score_windows(&table, codes, Int64(codes.count), Int64(length), sums, output)
      }
    }
  }

  /// - Parameter kmers: Of those so many have room for numbers of their own.
  private func withKernelArguments(
    span: Int, bias: Tensor, kmers: Int = 0,
    _ body: (inout KmerScores, UnsafeMutablePointer<Double>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: (1 + kmers) * shape[1]) {
      sums in
      scalars.withUnsafeBufferPointer { scores in
        bias.scalars.withUnsafeBufferPointer { bias in
          var table = KmerScores(
            scores: scores.baseAddress, bias: bias.baseAddress, span: Int32(span),
            tasks: Int32(shape[1]))
          body(&table, sums.baseAddress!)
        }
      }
    }
  }
}

extension Tensor {
  /// The scores, as of `kmerWindowScores` for the whole of it, of a sequence that has each of the four bases
  /// in each place, `[position][4][task]`.
  ///
  /// - Precondition: As of `kmerWindowScores`; sums of the column's numbers are exact.
  public func kmerSubstitutionScores(_ codes: [UInt8], span: Int, bias: Tensor) -> [Float] {
    let tasks = shape[1]
    precondition(
      span <= Int(KMER_SPAN) && shape == [1 << (2 * span), tasks] && bias.shape == [tasks],
      "\(span)-mers in \(shape), \(bias.shape)")
    let count = codes.count * 4 * tasks
    guard codes.count >= span else { return (0..<4 * codes.count).flatMap { _ in bias.scalars } }
    return [Float](count: count) { output in
      withKernelArguments(span: span, bias: bias) { table, sums in
        kmer_score_substitutions(&table, codes, Int64(codes.count), sums, output)
      }
    }
  }
}

extension Tensor {
  /// This matrix with the numbers of each column rounded to multiples of the last place of its
  /// largest one: then sums in `Double` of up to 2²⁹ numbers of a column are exact.
  public func roundedByColumn() -> Tensor {
    let columns = shape[1]
    var largest = [Float](repeating: 0, count: columns)
    var rounded = self
    rounded.scalars.withUnsafeMutableBufferPointer { scalars in
      for row in 0..<shape[0] {
        for column in 0..<columns {
          largest[column] = max(largest[column], abs(scalars[row * columns + column]))
        }
      }
      let places = largest.map(\.ulp)
      for row in 0..<shape[0] {
        for column in 0..<columns {
          let place = places[column]
          let multiple = (scalars[row * columns + column] / place).rounded(.toNearestOrEven)
          scalars[row * columns + column] = multiple * place
        }
      }
    }
    return rounded
  }
}
