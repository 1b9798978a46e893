internal import Datasets
internal import Genomics
internal import GenomicsIO

// What `inspect` tells of data, in words.

/// Lengths from the shortest to the longest.
private func lengthWords(_ shortest: Int, _ median: Int, _ longest: Int) -> String {
  shortest == longest
    ? "all \(counted(shortest, "base"))"
    : "\(grouped(shortest)) to \(counted(longest, "base")), median \(grouped(median))"
}

private func share(_ count: Int, of total: Int) -> String {
  total == 0 ? "0 %" : "\(figure(100 * Double(count) / Double(total), 2)) %"
}

extension [NamedCount] {
  /// Such as `chr1 1,200, chr2 800`.
  fileprivate var words: String {
    list(map { "\($0.name.escapedForTerminal) \(grouped($0.count))" })
  }
}

extension SequenceSummary {
  var lines: [(String, String)] {
    var lines = [
      ("records", "\(grouped(records)), \(counted(bases, "base"))"),
      ("lengths", lengthWords(shortest, median, longest)),
      ("GC content", gc.map { "\(fixed(100 * $0, 2)) % of the known bases" } ?? "no base is known"),
      (
        "unknown",
        "\(share(unknown, of: bases)) of the bases"
          + (mostlyUnknown > 0
            ? "; \(counted(mostlyUnknown, "record")) more than half, which training drops" : "")
      ),
      (
        "coordinates", "in \(grouped(placed)) of \(counted(records, "name"))"
      ),
    ]
    if repeatedNames > 0 {
      lines.append(("names", "\(grouped(repeatedNames)) repeated, which a genome may not have"))
    }
    if !indices.isEmpty {
      lines.append(
        (
          "index",
          "\(indices.joined(separator: " and ")) beside it describe\(indices.count == 1 ? "s" : "") the file"
        ))
    }
    if let sequences { lines.append(("sequences", sequences.words)) }
    return lines
  }
}

extension RegionSummary {
  var lines: [(String, String)] {
    guard let shortest, let median, let longest else { return [("regions", "none")] }
    let unread =
      unreadStrengths > 0 ? "; \(grouped(unreadStrengths)) are texts and count as missing" : ""
    return [
      ("regions", "\(grouped(regions)), \(grouped(overlapping)) of which overlap another"),
      ("widths", lengthWords(shortest, median, longest)),
      (
        "centres", "\(grouped(summits)) summits and \(grouped(regions - summits)) midpoints"
      ),
      ("strengths", "\(grouped(strengths)) of \(grouped(regions)) are known\(unread)"),
      ("order", isSorted ? "sorted" : "not sorted"),
      ("sequences", sequences.words),
    ]
  }
}

extension TableReport {
  var lines: [(String, String)] {
    [
      (
        "rows",
        (["\(grouped(ledger.used)) of \(grouped(rows)) can be used"]
          + ledger.dropped.map { "\(grouped($0.count)) dropped: \($0.reason)" })
          .joined(separator: "; ")
      ),
      ("lengths", lengthWords(shortest, median, longest)),
      ("objective", objective.rawValue),
    ] + tasks.prefix(20).map { ("task", $0.words) }
      + (tasks.count > 20 ? [("tasks", "\(grouped(tasks.count - 20)) more")] : [])
      + notes.map { ("note", $0) }
  }
}

extension VariantSummary {
  var lines: [(String, String)] {
    let names = Dictionary(
      uniqueKeysWithValues: AlleleKind.allCases.map { ($0.rawValue, $0.words) })
    let kinds = alleles.map { counted($0.count, names[$0.name] ?? $0.name) }
    let missing =
      withoutAlternate > 0
      ? ["\(counted(withoutAlternate, "record")) without an alternate allele"] : []
    return [
      ("records", grouped(records)),
      ("alleles", records == 0 ? "none" : (kinds + missing).joined(separator: ", ")),
      ("samples", grouped(samples)),
      ("contigs", "\(grouped(contigs)) with their lengths in the header"),
      ("order", isSorted ? "sorted" : "not sorted"),
      ("sequences", sequences.isEmpty ? "none" : sequences.words),
    ]
  }
}

extension VariantSummary.AlleleKind {
  fileprivate var words: String {
    switch self {
    case .snv: "SNV"
    case .substitution: "multi-base substitution"
    case .insertion: "insertion"
    case .deletion: "deletion"
    case .symbolic: "symbolic allele"
    case .breakend: "breakend"
    case .overlappingDeletion: "* allele"
    }
  }
}

extension MotifReport {
  var lines: [(String, String)] {
    [
      (
        "motifs", "\(grouped(motifs)), \(grouped(withSites)) with the number of their sites"
      ),
      (
        "widths",
        shortest == longest
          ? "all \(shortest)" : "\(shortest) to \(longest), median \(median)"
      ),
      ("background", hasBackground ? "given" : "not given"),
    ] + notes.map { ("note", $0) }
      + passedOver.prefix(10).map { fault in
        ("passed over", (fault.name.map { "\($0.quoted): " } ?? "") + fault.reason)
      }
      + (passedOver.count > 10 ? [("passed over", "\(grouped(passedOver.count - 10)) more")] : [])
  }
}
