internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks

/// All that was found of a record.
struct ScoredRecord: Sendable {
  let alleles: ScoredVariant
  /// `nil` if no haplotypes were asked for.
  let haplotypes: ScoredHaplotypes?
}

/// What a column says of an allele.
enum VariantValue: Equatable, Sendable {
  case text(String)
  /// A q-value, which is known when all alleles have been scored.
  case qValue(task: Int, reaching: Int)
}

/// What is asked for beside the figures that always come.
struct VariantFigures: Sendable {
  /// The beginning of all keys.
  var prefix: String
  var placements = false
  var parts = false
  /// The number of background changes of a kind; `nil` without p-values.
  var backgroundCount: Int?
  var qValues = false
  var haplotypes = false
}

/// A figure of each alternate allele, or of a record: an entry of INFO, a column of a table.
struct VariantColumn: Sendable {
  let field: VCFInfoField
  /// Whether it is one of the record, not of each alternate allele.
  let isOfRecord: Bool
  /// The value for the alternate allele of a number.
  let value: @Sendable (ScoredRecord, Int) -> VariantValue?

  /// A figure of each alternate allele that was scored.
  static func ofAllele(
    _ key: String, _ type: VCFInfoField.ValueType, _ description: String,
    value: @escaping @Sendable (AlleleScore) -> VariantValue?
  ) -> VariantColumn {
    VariantColumn(key, "A", type, description) { record, allele in
      guard case .scored(let score) = record.alleles.outcomes[allele] else { return nil }
      return value(score)
    }
  }

  /// A figure of the haplotypes of each record at which they were scored.
  static func ofHaplotypes(
    _ key: String, _ type: VCFInfoField.ValueType, _ description: String,
    value: @escaping @Sendable ([HaplotypeScore]) -> String?
  ) -> VariantColumn {
    VariantColumn(key, "1", type, description) { record, _ in
      guard case .scored(let scores) = record.haplotypes else { return nil }
      return value(scores).map { .text($0) }
    }
  }

  private init(
    _ key: String, _ number: String, _ type: VCFInfoField.ValueType, _ description: String,
    value: @escaping @Sendable (ScoredRecord, Int) -> VariantValue?
  ) {
    field = VCFInfoField(
      key: key, number: number, type: type, description: "seqcnn: \(description)")
    isOfRecord = number == "1"
    self.value = value
  }

  /// All figures: those of each task, and why there are none.
  ///
  /// With several tasks their names follow the prefix; where two are the same as a key, the later one gets a
  /// number.
  static func all(of model: Model, _ figures: VariantFigures) -> [VariantColumn] {
    let prefixes = taskPrefixes(model.tasks, prefix: figures.prefix)
    let ofTasks = model.tasks.indices.flatMap { task in
      TaskColumns(task: task, of: model, prefix: prefixes[task]).all(figures)
    }
    let skipped = VariantColumn(
      "\(figures.prefix)_SKIPPED", "A", .string, "why the alternate allele was not scored"
    ) { record, allele in
      guard case .unscored(let reason) = record.alleles.outcomes[allele] else { return nil }
      return .text(reason.rawValue)
    }
    return ofTasks + (figures.haplotypes ? haplotypes(prefix: figures.prefix) : []) + [skipped]
  }

  private static func haplotypes(prefix: String) -> [VariantColumn] {
    (0..<2).map { haplotype in
      ofHaplotypes(
        "\(prefix)_HAP\(haplotype + 1)_VARIANTS", .integer,
        "number of variants in the window of haplotype \(haplotype + 1)"
      ) {
        $0.indices.contains(haplotype) ? "\($0[haplotype].changeCount)" : nil
      }
    } + [
      VariantColumn(
        "\(prefix)_HAP_SKIPPED", "1", .string, "why the haplotypes were not scored"
      ) { record, _ in
        guard case .unscored(let reason) = record.haplotypes else { return nil }
        return .text(reason.rawValue)
      }
    ]
  }

  private static func taskPrefixes(_ tasks: [String], prefix: String) -> [String] {
    guard tasks.count > 1 else { return [prefix] }
    var taken: Set<String> = []
    return tasks.map { task in
      let name = String(task.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
      let spellings = sequence(first: 1) { $0 + 1 }.lazy.map { number in
        number == 1 ? "\(prefix)_\(name)" : "\(prefix)_\(name)_\(number)"
      }
      return spellings.first { taken.insert($0).inserted }!
    }
  }
}
