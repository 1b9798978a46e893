package import Datasets
package import Genomics
internal import Tensors

/// Random sequences, of which every second holds a motif on one of the strands.
package func planted(
  _ motifs: [String] = ["TGACTCAG"], count: Int, length: Int = 40, seed: UInt64
) -> [Example] {
  (0..<count).map { index in
    var random = RandomStream(seed: seed, .background, index)
    var codes = (0..<length).map { _ in UInt8(random.next(below: 4)) }
    let labels = motifs.enumerated().map { task, motif -> Float in
      guard random.next(below: 2) == 1 else { return 0 }
      let site = EncodedSequence(motif)!
      let slot = length / motifs.count
      let start = task * slot + random.next(below: slot - site.count + 1)
      let stranded = random.next(below: 2) == 1 ? site : site.reverseComplement
      codes.replaceSubrange(start..<start + site.count, with: stranded.codes)
      return 1
    }
    return Example(name: "\(index)", bases: EncodedSequence(codes: codes), labels: labels)
  }
}

/// Random bases, with runs of unknown ones where asked for.
package func randomBases(_ count: Int, seed: UInt64, unknownRuns: Bool = false) -> EncodedSequence {
  var random = RandomStream(seed: seed, .background)
  var codes = (0..<count).map { _ in UInt8(random.next(below: 4)) }
  var position = 30
  while unknownRuns, position < count {
    let end = min(count, position + random.next(below: 40))
    for index in position..<end { codes[index] = EncodedSequence.unknown }
    position = end + random.next(below: 200)
  }
  return EncodedSequence(codes: codes)
}
