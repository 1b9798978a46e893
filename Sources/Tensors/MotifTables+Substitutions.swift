internal import Genomics
internal import Kernels

extension MotifTables {
  /// What `pool` sees of one sequence, kept so that a substitution needs only the positions around it.
  public struct Parts: Sendable {
    let codes: [UInt8]
    fileprivate var values: [Float]
    fileprivate var maxima: [Float]
    fileprivate var sums: [Float]
  }

  /// Convolves a sequence, rectifies, and pools it by parts.
  ///
  /// - Precondition: The sequence is at least `width` long.
  public func parts(of codes: [UInt8]) -> Parts {
    precondition(codes.count >= width, "\(codes.count) bases under filters of width \(width)")
    let positions = codes.count - width + 1
    let partCount = positions.dividedRoundingUp(by: Int(MOTIF_PART))
    var parts = Parts(
      codes: codes, values: [Float](repeating: 0, count: positions * lanes),
      maxima: [Float](repeating: 0, count: partCount * lanes),
      sums: [Float](repeating: 0, count: partCount * lanes))
    withKernelArguments(codes: codes, offsets: [0, Int64(codes.count)]) { _, filters, scratch in
      parts.values.withUnsafeMutableBufferPointer { values in
        parts.maxima.withUnsafeMutableBufferPointer { maxima in
          parts.sums.withUnsafeMutableBufferPointer { sums in
            var pointers = MotifParts(
              values: values.baseAddress, maxima: maxima.baseAddress, sums: sums.baseAddress)
            motif_pool_parts(codes, Int64(codes.count), &filters, scratch, &pointers)
          }
        }
      }
    }
    return parts
  }

  /// Pools the sequences that have each of the four bases in each of some places: to the last bit what
  /// `pool` makes of them.
  ///
  /// - Parameters:
  ///   - positions: The places.
  ///   - features: `[rows, filters]`, or `[rows, 2 · filters]` with the means behind the maxima; base
  ///     `j` in place `i` of `positions` fills row `firstRow + 4 · i + j`.
  public func poolSubstitutions(
    in parts: Parts, at positions: Range<Int>, into features: inout Tensor, firstRow: Int
  ) {
    let (stride, codes) = (features.shape[1], parts.codes)
    let withMeans = stride == 2 * filterCount
    precondition(
      (withMeans || stride == filterCount) && positions.upperBound <= codes.count
        && firstRow + 4 * positions.count <= features.shape[0],
      "substitutions at \(positions) from row \(firstRow) in \(features.shape)")
    var window = [UInt8](repeating: 0, count: 2 * width)
    var changed = [Float](repeating: 0, count: 4 * width * Self.blockLanes)
    withKernelArguments(codes: window, offsets: [0, Int64(window.count)]) { _, filters, scratch in
      withKernelParts(parts) { parts in
        features.scalars.withUnsafeMutableBufferPointer { features in
          let maximum = features.baseAddress! + firstRow * stride
          motif_pool_substitutions(
            codes, Int64(codes.count), &filters, &parts, Int64(positions.lowerBound),
            Int64(positions.count), &window, scratch, &changed, Int64(stride), maximum,
            withMeans ? maximum + filterCount : nil)
        }
      }
    }
  }

  /// The parts for a kernel that only reads them.
  private func withKernelParts(_ parts: Parts, _ body: (inout MotifParts) -> Void) {
    parts.values.withUnsafeBufferPointer { values in
      parts.maxima.withUnsafeBufferPointer { maxima in
        parts.sums.withUnsafeBufferPointer { sums in
          var pointers = MotifParts(
            values: UnsafeMutablePointer(mutating: values.baseAddress),
            maxima: UnsafeMutablePointer(mutating: maxima.baseAddress),
            sums: UnsafeMutablePointer(mutating: sums.baseAddress))
          body(&pointers)
        }
      }
    }
  }
}
