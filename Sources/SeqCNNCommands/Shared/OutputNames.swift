internal import Genomics
internal import GenomicsIO
internal import Inference

/// What the outputs of a scan call the genome's sequences: the names that the regions or the peaks have for them.
///
/// Chromosomes that the file doesn't name follow its style: if it has `chr20` for `20`, they have `chr` too.
struct OutputNames {
  /// By the genome's names; without those that stay.
  private var names: [String: String] = [:]
  private var originals: [String: String] = [:]
  /// Which names stand for which, and whose the outputs have; `nil` if all are the genome's.
  private(set) var note: String?

  /// The genome's own names.
  init() {}

  /// - Parameters:
  ///   - sequences: The genome's names.
  ///   - given: The names in a file.
  ///   - path: The file.
  init(of sequences: [String], asIn given: [String], of path: String) {
    let naming = SequenceNaming(known: sequences)
    let found = Self.names(in: given, naming)
    names = found.filter { $0 != $1 }
    note = naming.explanation(of: given).map { words in
      names.isEmpty
        ? words : "\(words); outputs have the names of \(Ledger(source: path).sourceName)"
    }
    if let style = Self.style(of: names) {
      var taken = Set(sequences).union(found.values)
      for sequence in sequences where found[sequence] == nil {
        guard let name = style(sequence), taken.insert(name).inserted else { continue }
        names[sequence] = name
      }
    }
    originals = Dictionary(names.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The names that peaks have; the genome's if there are none.
  init(of sequences: [GenomeSequence], asInPeaks peaks: [Peak]?, of path: String?) {
    guard let peaks, let path else {
      self.init()
      return
    }
    self.init(of: sequences.map(\.name), asIn: peaks.map(\.interval.sequence), of: path)
  }

  /// The names as they first stand in a file, by the genome's.
  private static func names(in given: [String], _ naming: SequenceNaming) -> [String: String] {
    var (names, seen): ([String: String], Set<String>) = ([:], [])
    for name in given where seen.insert(name).inserted {
      guard let own = naming.resolve(name), names[own] == nil else { continue }
      names[own] = name
    }
    return names
  }

  /// What makes another chromosome's name like those of a file; `nil` if they follow no rule.
  private static func style(of names: [String: String]) -> ((String) -> String?)? {
    let adds = names.contains { !$0.hasPrefix("chr") && $1.hasPrefix("chr") }
    let drops = names.contains { $0.hasPrefix("chr") && !$1.hasPrefix("chr") }
    guard adds != drops else { return nil }
    return adds ? ChromosomeName.withPrefix : ChromosomeName.withoutPrefix
  }

  func name(of sequence: String) -> String { names[sequence] ?? sequence }

  /// What the genome calls a sequence of the outputs.
  func original(of name: String) -> String { originals[name] ?? name }

  func named(_ interval: GenomicInterval) -> GenomicInterval {
    interval.renamed(name(of: interval.sequence))
  }

  func named(_ sequence: GenomeSequence) -> GenomeSequence {
    GenomeSequence(name: name(of: sequence.name), length: sequence.length)
  }

  func named(_ site: BindingSite) -> BindingSite {
    BindingSite(
      interval: named(site.interval), strand: site.strand, window: site.window, task: site.task,
      output: site.output)
  }
}

/// The two styles of a chromosome's name: UCSC's, `chr1` and `chrM`, and Ensembl's, `1` and `MT`.
enum ChromosomeName {
  /// `chr1` for `1`; `nil` if it isn't the name of a chromosome.
  static func withPrefix(_ name: String) -> String? {
    isChromosome(name) ? "chr" + (name == "MT" ? "M" : name) : nil
  }

  /// `1` for `chr1`; `nil` if it isn't the name of a chromosome.
  static func withoutPrefix(_ name: String) -> String? {
    let bare = String(name.dropFirst(3))
    guard name.hasPrefix("chr"), isChromosome(bare) else { return nil }
    return bare == "M" ? "MT" : bare
  }

  private static func isChromosome(_ name: String) -> Bool {
    name.wholeMatch(of: /[0-9]{1,2}[A-Z]?|[XYWZM]|MT|I|II|III|IV|V/) != nil
  }
}
