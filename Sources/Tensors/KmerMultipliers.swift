extension Tensor {
  /// Adds what each base in each place would make of this table's k-mers, on the way from a reference to a sequence.
  ///
  /// The way of each k-mer leads from the reference's bases to the sequence's, one place after the other. At the turn of
  /// a place `multipliers[place, base]` rises by the score of the k-mer that has `base` there. So `Σ multiplier ·
  /// (sequence - reference)`, both one-hot, is the difference of the k-mers' scores, whatever the order of the places.
  /// The mean over all orders is the Shapley value of each place (Shapley 1953).
  /// - Parameters:
  ///   - codes: The sequence, 0…4. A k-mer with an unknown base scores 0.
  ///   - reference: As many codes.
  ///   - order: The places of a k-mer, in the order of their turns.
  ///   - factor: What scores are multiplied by.
  ///   - multipliers: `[position][4]`.
  /// - Precondition: The table is `[4^span, tasks]`, with `span` places in the order.
  public func addKmerMultipliers(
    _ codes: [UInt8], from reference: [UInt8], order: [Int], task: Int, times factor: Float,
    to multipliers: inout [Float]
  ) {
    let (span, tasks) = (order.count, shape[1])
    precondition(
      shape[0] == 1 << (2 * span) && order.sorted() == Array(0..<span)
        && reference.count == codes.count && multipliers.count == 4 * codes.count,
      "\(span)-mers of \(shape), \(reference.count) codes for \(codes.count)")
    let (kmers, former) = (knownKmers(codes, span: span), knownKmers(reference, span: span))
    let turns = order.map { (place: $0, shift: 2 * (span - 1 - $0)) }
    scalars.withUnsafeBufferPointer { table in
      multipliers.withUnsafeMutableBufferPointer { multipliers in
        for first in kmers.indices {
          guard let end = kmers[first], var kmer = former[first] else {
            let rise =
              (kmers[first].map { table[$0 * tasks + task] } ?? 0)
              - (former[first].map { table[$0 * tasks + task] } ?? 0)
            share(
              factor * rise, between: codes[first..<first + span],
              and: reference[first..<first + span], in: multipliers)
            continue
          }
          for (place, shift) in turns {
            let (others, position) = (kmer & ~(3 << shift), 4 * (first + place))
            for base in 0..<4 {
              let row = others | base << shift
              multipliers[position + base] += factor * table[row * tasks + task]
            }
            kmer = others | end & 3 << shift
          }
        }
      }
    }
  }

  /// Divides a difference equally among the places where two stretches differ, one of which has an unknown base.
  private func share(
    _ rise: Float, between codes: ArraySlice<UInt8>, and reference: ArraySlice<UInt8>,
    in multipliers: UnsafeMutableBufferPointer<Float>
  ) {
    let differing = codes.indices.filter { codes[$0] != reference[$0] }
    let (unknown, known): (UInt8, Float) = (4, 0.75)
    for position in differing {
      let part = rise / Float(differing.count)
      let (code, former) = (codes[position], reference[position])
      // By how much the base's channel differs: an unknown base is 0.25 in each.
      if code == unknown {
        multipliers[4 * position + Int(former)] -= part / known
      } else {
        multipliers[4 * position + Int(code)] += part / (former == unknown ? known : 1)
      }
    }
  }
}

/// The k-mers that begin at each position, as rows of a table; `nil` if one has an unknown base.
private func knownKmers(_ codes: [UInt8], span: Int) -> [Int?] {
  guard codes.count >= span else { return [] }
  var kmers: [Int?] = []
  kmers.reserveCapacity(codes.count - span + 1)
  var (kmer, known) = (0, 0)
  for (position, code) in codes.enumerated() {
    known = code > 3 ? 0 : known + 1
    kmer = (kmer << 2 | Int(code & 3)) & (1 << (2 * span) - 1)
    if position >= span - 1 { kmers.append(known >= span ? kmer : nil) }
  }
  return kmers
}
