internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Motifs

struct MotifsCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Find motifs of a database that are like given ones, as Tomtom does.",
    discussion: """
      EXAMPLES
        seqcnn motifs compare ctcf/motifs.meme --against JASPAR.meme --output -
        seqcnn motifs compare ctcf/motifs.meme --against JASPAR.meme \\
          --threshold 0.1 --output matches.tsv

      Each motif is laid on both strands of each target at every offset. Columns
      score minus their Euclidean distance, less the median over the database's
      columns; a column off the target scores 0. The p-value of the best offset
      counts all offsets and both strands (Gupta et al. 2007, complete scores). The
      E-value is the p-value times the number of targets; the q-value is Benjamini
      and Hochberg's over the targets of one query. P-values rest on the columns of
      the whole database, so give one of 50 motifs or more.

      The columns are
        query target targetName offset strand overlap pvalue evalue qvalue
        queryConsensus targetConsensus
      where offset is the number of target columns before the query's first, on the
      target's strand, and overlap the number of columns that lie on one another.
      The consensuses stand letter under letter.
      """)

  @Argument(help: ArgumentHelp("The motifs to look up.", valueName: "query"))
  var query: String

  @Option(help: ArgumentHelp("The database: motifs of any format that is read.", valueName: "file"))
  var against: String

  @Option(
    help: ArgumentHelp(
      "Write all matches with an E-value of at most it; each query's best one, unless given.",
      valueName: "e"))
  var threshold: Double?

  @Option(help: ArgumentHelp("The table; - is standard output.", valueName: "tsv"))
  var output: String

  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.eValue.check(threshold)
    try OutputName.table.check(output, option: "--output")
    if query == "-", against == "-" {
      throw ValidationError("query and --against can't both be standard input; give one as a file")
    }
  }

  func run() throws {
    let queries = try shared.console.motifs(path: query)
    let targets = try shared.console.motifs(path: against)
    shared.console.noteFew(targets.count, option: "--against")
    var file = try OutputFile(path: output, replacing: force.force, threads: shared.threads)
    let comparer = MotifComparer(targets: targets)
    let matches = comparer.matches(of: queries, threads: shared.threads).map(\.ranked)
    try file.write(MotifMatchText.header)
    var count = 0
    for (query, matches) in zip(queries, matches) {
      let kept =
        threshold.map { limit in matches.prefix { $0.eValue <= limit } } ?? matches.prefix(1)
      count += kept.count
      for match in kept {
        try file.write(
          MotifMatchText.line(match, query: query, target: targets[match.match.target]))
      }
    }
    try file.commit()
    shared.console.note(
      "\(grouped(count)) match(es) of \(grouped(queries.count)) motif(s) with \(grouped(targets.count)) targets"
    )
  }
}

/// The lines of the table of matches.
enum MotifMatchText {
  static let header =
    "query\ttarget\ttargetName\toffset\tstrand\toverlap\tpvalue\tevalue\tqvalue\tqueryConsensus\t"
    + "targetConsensus\n"

  static func line(_ ranked: RankedMatch, query: Motif, target: Motif) -> String {
    let (match, alignment) = (ranked.match, ranked.match.alignment)
    let overlap = alignment.overlap(queryWidth: query.width, targetWidth: target.width)
    let consensus = alignment.consensus(query: query.probabilities, target: target.probabilities)
    let fields: [String] = [
      query.name.tableField, target.name.tableField, (target.alternateName ?? ".").tableField,
      "\(alignment.offset)", alignment.strand.rawValue, "\(overlap)", precise(match.pValue),
      precise(ranked.eValue), precise(ranked.qValue), consensus.query, consensus.target,
    ]
    return fields.joined(separator: "\t") + "\n"
  }
}
