package import Datasets
internal import Genomics
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
