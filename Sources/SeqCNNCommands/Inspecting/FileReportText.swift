internal import Datasets
internal import Genomics
internal import GenomicsIO
internal import Models
internal import Networks
internal import Training

// What `inspect` tells of a file, in words.

extension FileReport {
  /// A block of lines within 80 columns.
  var text: String {
    var words = TextTable(wrapping: 1)
    for (name, text) in [("kind", "\(kindWords)\(packed), sound")] + lines + (training?.lines ?? [])
    { words.add([name, text]) }
    let layers = model?.layers ?? recipe?.layers
    let warnings = warnings.map { $0.wrapped(at: TextTable.width).joined(separator: "\n") + "\n" }
    return title.escapedForTerminal + "\n" + words.text
      + (layers.map { "\n" + $0.text } ?? "") + warnings.joined()
  }

  /// How the file is compressed, behind a comma.
  private var packed: String {
    compression == .gzip ? ", gzip" : compression == .bgzf ? ", BGZF" : ""
  }

  private var kindWords: String {
    switch kind {
    case .model: "a model (safetensors, \(model?.format ?? generative?.format ?? ""))"
    case .recipe: "a recipe"
    case .sequences: sequences?.sequences == nil ? "FASTA" : "FASTA, an indexed genome"
    case .regions: regions?.format?.rawValue ?? "BED"
    case .table: "a table of labelled sequences"
    case .variants: "variants"
    case .motifs: "motifs"
    case .track: track?.format.rawValue ?? "a track"
    case .hub: "a track hub for UCSC's browser"
    case .session: "a session of IGV"
    }
  }

  private var lines: [(String, String)] {
    model?.lines ?? generative?.lines ?? recipe?.lines ?? sequences?.lines ?? regions?.lines
      ?? table?.lines ?? variants?.lines ?? motifs?.lines ?? track?.lines ?? hub?.lines ?? []
  }
}

extension TrackFileSummary {
  fileprivate var lines: [(String, String)] {
    var lines = [("sequences", "\(grouped(sequences)) of \(counted(bases, "base"))")]
    if let intervals, let fields {
      lines.append(("intervals", "\(grouped(intervals)), \(counted(fields, "field")) each"))
    }
    lines.append(("covered", counted(covered, "base")))
    if let minimum, let maximum, let mean {
      let what = format == .bigBed ? "over a base" : "values"
      lines.append(
        (what, "\(Float(minimum)) to \(Float(maximum)), \(figure(mean, 4)) in the mean"))
    }
    return lines + [("zoom levels", "\(zoomLevels)")]
  }
}

extension HubSummary {
  fileprivate var lines: [(String, String)] {
    [
      ("genomes", list(genomes.map(\.escapedForTerminal))),
      ("tracks", list(tracks.map(\.escapedForTerminal))),
    ]
  }
}

extension GenerativeReport {
  fileprivate var lines: [(String, String)] {
    let written = length.map { "sequences of \(grouped($0)) bases" } ?? "sequences of any length"
    var lines = [
      ("method", method), ("writes", writes ? written : "nothing"),
      ("parameters", grouped(parameters)), ("digests", "match"),
      ("written by", "seqcnn \(provenance.version.escapedForTerminal), seed \(provenance.seed)"),
    ]
    for (name, value) in figures.sorted(by: { $0.key < $1.key }) {
      lines.append(("test \(name.escapedForTerminal)", figure(value, 4)))
    }
    for input in provenance.inputs {
      lines.append(("input", "\(input.name.escapedForTerminal), SHA-256 \(input.sha256)"))
    }
    return lines
  }
}

extension ModelReport {
  fileprivate var lines: [(String, String)] {
    var lines = [
      ("objective", objective.rawValue),
      ("tasks", list(tasks.map(\.escapedForTerminal))),
      ("windows", "\(grouped(windowLength)) bases"),
      (
        "reads",
        shortest == longest
          ? "sequences of \(grouped(shortest)) bases whole, longer ones by windows"
          : "sequences of \(grouped(shortest)) to \(grouped(longest)) bases whole, longer ones by windows"
      ),
      ("strands", strands.words),
      ("padding", "\(padding) unknown bases at each end"),
      ("alphabet", alphabet),
      (
        "members",
        "\(counted(networks, "network"))\(filterWidths.map(widthWords) ?? "")"
          + (hasKmerTable ? " and a table of gapped k-mers" : "")
          + ", \(grouped(parameters)) parameters"
      ),
      ("negatives", negativeWords),
      ("prior", priors.map { priorWords($0, tasks: tasks) } ?? "no probabilities"),
      ("p-values", background?.words ?? "not known"),
      (
        "motifs", motifs.isEmpty ? "none" : motifs.joined(separator: ", ").escapedForTerminal
      ),
      ("digests", "match"),
      ("written by", "seqcnn \(provenance.version.escapedForTerminal), seed \(provenance.seed)"),
    ]
    for input in provenance.inputs {
      let use = input.use.map { ", for \($0.escapedForTerminal)" } ?? ""
      lines.append(("input", "\(input.name.escapedForTerminal)\(use), SHA-256 \(input.sha256)"))
    }
    return lines
  }
}

extension BackgroundReport {
  fileprivate var words: String {
    let shuffled =
      switch origin {
      case .genome: "of windows of the genome"
      case .sequences: "of training sequences"
      case nil: "of an earlier version's choice"
      }
    return "from \(grouped(sequences)) dinucleotide shuffles \(shuffled), down to "
      + figure(leastPValue, 4)
  }
}

extension StrandRule {
  fileprivate var words: String {
    switch self {
    case .max: "both; the larger output counts (max)"
    case .mean: "both; the mean of the outputs (mean)"
    case .forward: "the given one (forward)"
    case .pooled: "both, joined by the global pooling (pooled)"
    }
  }
}

extension LayerReport {
  /// The table of the layers.
  var text: String {
    var table = TextTable(wrapping: 1, rightAligned: [3, 4, 5])
    table.add(["path", "layer", "output", "reads", "parameters", "multiply-adds"])
    for row in rows {
      table.add([
        row.path, row.layer.layerWords, row.output.map(grouped).joined(separator: " × "),
        row.receptiveField.map { "\(grouped($0)) bp" } ?? "all", grouped(row.parameters),
        grouped(row.multiplyAdds),
      ])
    }
    table.add(["total", "", "", "", grouped(parameters), grouped(multiplyAdds)])
    let untrained =
      statistics > 0
      ? "  and \(grouped(statistics)) running means and variances, which aren't trained\n" : ""
    return "  layers, for \(grouped(length)) bases\n" + table.text + untrained
  }
}

extension JSONValue {
  /// A layer's kind and keys, such as `convolution filters 16, width 24`.
  fileprivate var layerWords: String {
    guard case .object(let kinds) = self, let (kind, value) = kinds.first,
      case .object(let fields) = value
    else { return text }
    // Layers within it have rows of their own.
    let names = fields.keys.filter { $0 != "inner" }.sorted {
      (Self.place(of: $0), $0) < (Self.place(of: $1), $1)
    }
    let keys = names.map { name in
      if case .string(let word)? = fields[name] { return "\(name) \(word.escapedForTerminal)" }
      return "\(name) \(fields[name]?.text ?? "")"
    }
    return keys.isEmpty ? kind : "\(kind) \(keys.joined(separator: ", "))"
  }

  /// The keys that come first; the others follow by name.
  private static func place(of key: String) -> Int {
    let first = ["filters", "units", "width", "pooling", "window", "rate"]
    return first.firstIndex(of: key) ?? first.count
  }
}

extension RecipeReport {
  fileprivate var lines: [(String, String)] {
    let (training, selection, ensemble) = (recipe.training, recipe.selection, recipe.ensemble)
    let shardSize = training.shardSize(
      for: recipe.network, length: layers.length, taskCount: tasks)
    let leastSteps =
      training.leastSteps > 0
      ? ", more until there are \(grouped(training.leastSteps)) steps" : ""
    let members =
      [
        counted(ensemble.networks, "network")
          + (recipe.networks.differingFilterWidths.map(widthWords) ?? "")
      ]
      + (ensemble.gappedKmers ? ["a table of gapped k-mers"] : [])
    return [
      ("strands", recipe.network.strands.words),
      (
        "members",
        members.joined(separator: " and ")
          + (ensemble.refit ? "; trained once more with the validation examples" : "")
      ),
      ("epochs", "\(grouped(training.epochs)) at most\(leastSteps)"),
      (
        "batches",
        "\(grouped(training.batchSize)) sequences, in shards of \(grouped(shardSize))"
      ),
    ] + optimizerLines + [("learns from", selection.words)]
  }

  private var optimizerLines: [(String, String)] {
    let training = recipe.training
    return [
      (
        "optimizer",
        "\(training.optimizer.rawValue), learning rate \(plain(training.learningRate)), warmup "
          + "\(plain(training.warmup)), momentum \(plain(training.momentum)), "
          + plain(training.secondMomentum)
          + (training.schedule.map { ", schedule \($0.rawValue)" } ?? "")
          + (training.clip.map { ", gradients of norm \(plain($0)) at most" } ?? "")
      ),
      (
        "penalties",
        "l1 \(plain(training.l1)), l2 \(plain(training.l2))"
          + (training.maxNorm.map { ", weights of norm \(plain($0)) at most" } ?? "")
      ),
      (
        "stops",
        recipe.ensemble.refit
          ? "after the last epoch"
          : "if \(counted(training.patience, "epoch")) bring no lower validation loss"
      ),
      (
        "shuffles",
        "\(training.shufflesPerPositive) per positive and epoch, if they are the negatives"
      ),
    ]
  }
}

extension PeakSelection {
  fileprivate var words: String {
    var words = strongest > 0 ? "the \(grouped(strongest)) strongest peaks per task" : "all peaks"
    if halfWeightRank > 0 { words += ", half weight at rank \(grouped(halfWeightRank))" }
    if negativesPerPositive > 0 {
      words += ", \(negativesPerPositive) genomic negatives per peak if they are drawn"
    }
    return words
  }
}

extension TrainingTimeReport {
  fileprivate var lines: [(String, String)] {
    var lines = [
      (
        "speed",
        "\(grouped(Int(sequencesPerSecond))) sequences of \(counted(length, "base")) per second: "
          + "\(counted(networks, "network"))\(rounds > 1 ? ", trained twice," : "") on "
          + counted(threads, "thread")
      ),
      (
        "time",
        "\(figure(secondsPerThousandSequencesAndEpoch, 3)) s per 1,000 sequences and epoch"
      ),
    ]
    guard let seconds, let sequences, let positives, let negatives else { return lines }
    let input =
      switch negativeSource {
      case .given: "\(grouped(positives)) positives and \(grouped(negatives)) negatives"
      case .dinucleotide, .repeats: "\(grouped(positives)) positives and their shuffles"
      case .genomic, .random: "\(grouped(positives)) peaks and genomic negatives"
      case nil: "\(grouped(positives)) sequences with numbers"
      }
    lines.append(
      (
        "in all",
        "\(mayStopEarly ? "at most " : "")\(seconds < 10 ? fixed(seconds, 1) + " s" : duration(seconds)) "
          + "for \(input): \(grouped(sequences)) sequences in all epochs"
      ))
    lines.append(("not counted", notCounted.joined(separator: ", ")))
    return lines
  }
}

/// A number, without the decimals of a whole one.
private func plain(_ number: Float) -> String { JSONValue.number(Double(number)).text }

/// A number with what it counts: `1 network`, `3 networks`.
func counted(_ count: Int, _ name: String) -> String {
  "\(grouped(count)) \(name)\(count == 1 ? "" : "s")"
}

/// Texts with commas between, as many as people read.
func list(_ texts: [String], most: Int = 20) -> String {
  texts.prefix(most).joined(separator: ", ")
    + (texts.count > most ? " and \(grouped(texts.count - most)) more" : "")
}

/// The widths of networks' first filters, behind their number.
private func widthWords(_ widths: [Int]) -> String {
  " (filters \(widths.map(String.init).joined(separator: ", ")) wide)"
}
