internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// The columns of one task.
struct TaskColumns {
  private let task: Int
  private let name: String
  private let prefix: String
  private let objective: Objective
  /// The share of bound windows that probabilities hold for.
  private let prior: Double
  private let hasFilters: Bool
  private let hasKmers: Bool
  /// The names of the model's motifs; none if this task has no motif.
  private let motifNames: [String]

  init(task: Int, of model: Model, prefix: String) {
    self.task = task
    self.prefix = prefix
    name = model.tasks[task]
    objective = model.objective
    prior = model.priors[task]
    hasFilters = model.ensemble.networks[0].motifs != nil
    hasKmers = model.ensemble.kmers != nil
    let hasMotifs = model.motifs.contains { $0.task == task }
    motifNames = hasMotifs ? model.motifs.map { $0.title.infoWord } : []
  }

  func all(_ figures: VariantFigures) -> [VariantColumn] {
    var columns = outputs("", "", \.centred)
    if figures.placements {
      columns += outputs("_MAX", ", the largest output of all windows that contain it") {
        $0.placements?.maximum
      }
      columns += outputs("_MEAN", ", the mean output of all windows that contain it") {
        $0.placements?.mean
      }
    }
    if !motifNames.isEmpty { columns += leadingSite + (hasFilters ? siteEffect : []) }
    if hasFilters { columns += leadingPart + sums + (figures.parts ? [allParts] : []) }
    if let count = figures.backgroundCount {
      columns += standing(among: count) + (figures.qValues ? [qValue] : [])
    }
    if figures.haplotypes { columns += (0..<2).map(difference) }
    return columns
  }

  /// The predictions with both alleles and the difference of their outputs.
  private func outputs(
    _ suffix: String, _ which: String,
    _ outputs: @escaping @Sendable (AlleleScore) -> AlleleOutputs?
  ) -> [VariantColumn] {
    let (task, objective) = (task, objective)
    func column(
      _ key: String, _ what: String, number: @escaping @Sendable (AlleleOutputs) -> Float
    ) -> VariantColumn {
      .ofAllele("\(prefix)_\(key)\(suffix)", .float, what) {
        outputs($0).map { .text("\(number($0))") }
      }
    }
    let output = objective.outputName
    let prediction =
      objective.givesProbabilities ? "probability (prior \(Float(prior)))" : "prediction"
    return [
      column("REF", "\(prediction) for \(name) with the reference allele\(which)") {
        objective.predictions($0.reference)[task]
      },
      column("ALT", "\(prediction) for \(name) with the alternate allele\(which)") {
        objective.predictions($0.alternate)[task]
      },
      column("DELTA", "\(output) for \(name), alternate less reference allele\(which)") {
        $0.difference(task: task)
      },
    ]
  }

  /// A figure of the site that makes most of the difference.
  private func siteColumn(
    _ key: String, _ type: VCFInfoField.ValueType, _ what: String,
    text: @escaping @Sendable (AlleleSite, Float) -> String?
  ) -> VariantColumn {
    let task = task
    return .ofAllele("\(prefix)_\(key)", type, what) { score in
      let difference = score.centred.difference(task: task)
      return (score.sites?[task].leading(in: difference)).flatMap { text($0, difference) }
        .map { .text($0) }
    }
  }

  private var leadingSite: [VariantColumn] {
    let names = motifNames
    return [
      siteColumn(
        "MOTIF", .string,
        "motif of the model whose site makes most of DELTA for \(name): + made or strengthened, - broken or "
          + "weakened with the alternate allele"
      ) { site, _ in "\(site.isGained ? "+" : "-")\(names[site.motif])" },
      siteColumn("MOTIF_REF", .float, "bits of its best match over the reference allele") {
        site, _ in "\(Float(site.referenceBits))"
      },
      siteColumn("MOTIF_ALT", .float, "bits of its best match over the alternate allele") {
        site, _ in "\(Float(site.alternateBits))"
      },
    ]
  }

  private var siteEffect: [VariantColumn] {
    [
      siteColumn("MOTIF_DELTA", .float, "what that site adds to DELTA for \(name)") { site, _ in
        site.effect.map { "\($0)" }
      },
      siteColumn("MOTIF_SHARE", .float, "MOTIF_DELTA over DELTA for \(name)") { site, delta in
        site.effect.map { "\($0 / delta)" }
      },
    ]
  }

  /// The part that makes most of the difference.
  private var leadingPart: [VariantColumn] {
    let task = task
    func column(
      _ key: String, _ type: VCFInfoField.ValueType, _ what: String,
      text: @escaping @Sendable (AllelePart, Float) -> String
    ) -> VariantColumn {
      .ofAllele("\(prefix)_\(key)", type, what) { score in
        let difference = score.centred.difference(task: task)
        return score.parts?[task].leading(in: difference).map { .text(text($0, difference)) }
      }
    }
    return [
      column(
        "FILTER", .string,
        "part with the largest share of DELTA for \(name): a filter, as motifs export --filters names it, "
          + "+ gained, - lost with the alternate allele; or kmers"
      ) { part, _ in part.name },
      column("FILTER_DELTA", .float, "what that part adds to DELTA for \(name)") { part, _ in
        "\(part.effect)"
      },
      column("FILTER_SHARE", .float, "FILTER_DELTA over DELTA for \(name)") {
        "\($0.effect / $1)"
      },
    ]
  }

  /// The sums of the parts.
  private var sums: [VariantColumn] {
    let task = task
    func column(
      _ key: String, _ what: String, sum: @escaping @Sendable (AlleleParts) -> Float?
    ) -> VariantColumn {
      .ofAllele("\(prefix)_\(key)", .float, what) { score in
        score.parts.flatMap { sum($0[task]) }.map { .text("\($0)") }
      }
    }
    return [
      column("GAINED", "what all filters gained add to DELTA for \(name)") { $0.gained },
      column("LOST", "what all filters lost add to DELTA for \(name)") { $0.lost },
    ] + (hasKmers ? [column("KMERS", "what the k-mers add to DELTA for \(name)") { $0.kmers }] : [])
  }

  private var allParts: VariantColumn {
    let task = task
    return .ofAllele(
      "\(prefix)_PARTS", .string,
      "all parts of DELTA for \(name), NAME:DELTA with | between, the largest first"
    ) { score in
      guard let parts = score.parts?[task].all, !parts.isEmpty else { return nil }
      let sorted = parts.enumerated().sorted {
        (abs($1.element.effect), $0.offset) < (abs($0.element.effect), $1.offset)
      }
      return .text(sorted.map { "\($0.element.name):\($0.element.effect)" }.joined(separator: "|"))
    }
  }

  /// Where the alleles stand in background sequence.
  ///
  /// - Parameter count: The number of background changes.
  private func standing(among count: Int) -> [VariantColumn] {
    let task = task
    func column(
      _ key: String, _ what: String, number: @escaping @Sendable (BackgroundStanding) -> Double
    ) -> VariantColumn {
      .ofAllele("\(prefix)_\(key)", .float, what) { score in
        (score.standing?[task]).map { .text("\(Float(number($0)))") }
      }
    }
    return [
      column(
        "PVALUE",
        "chance that a random change of background sequence has as large a DELTA for \(name), up or down; "
          + "of \(count) changes, so not below 1/\(count + 1)"
      ) { $0.pValue },
      column(
        "ACTIVE_QUANTILE",
        "share of background windows whose output for \(name) is below the higher allele's"
      ) { $0.activeQuantile },
    ]
  }

  private var qValue: VariantColumn {
    let task = task
    return .ofAllele(
      "\(prefix)_QVALUE", .float,
      "least false discovery rate for \(name), over all alleles of the file, at which the allele is called"
    ) { score in
      (score.standing?[task]).map { .qValue(task: task, reaching: $0.reaching) }
    }
  }

  private func difference(ofHaplotype haplotype: Int) -> VariantColumn {
    let task = task
    return .ofHaplotypes(
      "\(prefix)_HAP\(haplotype + 1)_DELTA", .float,
      "\(objective.outputName) for \(name), haplotype \(haplotype + 1) with all its variants less reference"
    ) {
      $0.indices.contains(haplotype) ? "\($0[haplotype].outputs.difference(task: task))" : nil
    }
  }
}

extension String {
  /// As a word of INFO, which may hold no white space, comma, semicolon or equals sign: `motif1_CTCF`.
  fileprivate var infoWord: String {
    String(map { $0.isASCII && ($0.isLetter || $0.isNumber || "-.:()/".contains($0)) ? $0 : "_" })
  }
}

extension AllelePart {
  /// `+filter7` for a filter gained, `-filter7` for one lost, `kmers`.
  fileprivate var name: String {
    switch self {
    case .filter(let change): "\(change.isGained ? "+" : "-")filter\(change.filter + 1)"
    case .kmers: "kmers"
    }
  }
}
