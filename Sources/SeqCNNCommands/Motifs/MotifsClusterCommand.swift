internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Motifs

struct MotifsClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Group motifs that are alike, and average each group.",
    discussion: """
      EXAMPLES
        seqcnn motifs cluster run1/motifs.meme run2/motifs.meme --output clusters
        seqcnn motifs cluster ctcf/motifs.meme --database JASPAR.meme \\
          --output clusters

      Motifs are compared as `motifs compare` does. Every two motifs of a cluster
      have a p-value of at most --threshold, in both directions (complete linkage),
      so each lies on the centre, the member that is most like all others. The
      average gives each member the same weight; columns that fewer than half of the
      members have are cut off.

      The folder holds
        clusters.meme  the averages, the largest cluster first
        clusters.tsv   a line for each motif: cluster, size, motif, name, file,
                       start (columns of the average before the motif's first),
                       strand, pvalue (against the centre, 0 for itself), consensus
      P-values rest on the columns of all motifs given. If they are few, or all
      alike, give a database of other motifs with --database: its columns count
      too, its motifs aren't clustered.
      """)

  @Argument(help: ArgumentHelp("Files of motifs, of any format that is read.", valueName: "file"))
  var files: [String]

  @Option(help: ArgumentHelp("Motifs whose columns count as chance too.", valueName: "file"))
  var database: String?

  @Option(
    help: ArgumentHelp(
      "The greatest p-value between two motifs of a cluster.", valueName: "p"))
  var threshold = 1e-4

  @OptionGroup var folder: FolderOption

  @OptionGroup var shared: SharedOptions

  func validate() throws {
    try NumberRule.clusterThreshold.check(threshold)
    guard (files + [database].compactMap { $0 }).count(where: { $0 == "-" }) < 2 else {
      throw ValidationError("only one file can be standard input; give the others by name")
    }
  }

  func run() throws {
    let motifs = try files.flatMap { file in
      try shared.console.motifs(path: file).map { (motif: $0, file: file) }
    }
    let others = try database.map(shared.console.motifs(path:)) ?? []
    shared.console.noteFew(motifs.count + others.count, option: "--database")
    let directory = try folder.directory()
    let clusters = clustered(
      motifs.map(\.motif), pValue: threshold, others: others, threads: shared.threads)
    var averages = try directory.file(named: "clusters.meme")
    try averages.write(
      memeText(
        clusters.map(\.average), background: .uniform, comment: OutputOrigin().comment))
    var table = try directory.file(named: "clusters.tsv")
    try table.write(MotifClusterText.header)
    for cluster in clusters { try table.write(MotifClusterText.lines(cluster, motifs: motifs)) }
    var outputs = OutputTransaction()
    outputs.add(try averages.finish())
    outputs.add(try table.finish())
    try directory.commit(outputs)
    let alone = clusters.count { $0.members.count == 1 }
    shared.console.note(
      "\(grouped(clusters.count)) clusters of \(grouped(motifs.count)) motifs, \(grouped(alone)) of them of one motif"
    )
  }
}

/// The lines of the table of clusters.
enum MotifClusterText {
  static let header =
    "cluster\tsize\tmotif\tname\tfile\tstart\tstrand\tpvalue\tconsensus\n"

  /// A line for each member.
  ///
  /// - Parameter motifs: All that were clustered, with their files.
  static func lines(_ cluster: MotifCluster, motifs: [(motif: Motif, file: String)]) -> String {
    cluster.members.map { member in
      let (motif, file) = motifs[member.motif]
      let matrix =
        member.strand == .forward ? motif.probabilities : motif.probabilities.reverseComplement
      let fields: [String] = [
        cluster.average.name, "\(cluster.members.count)", motif.name.tableField,
        (motif.alternateName ?? ".").tableField, file.tableField, "\(member.start)",
        member.strand.rawValue, precise(member.pValue), matrix.consensus,
      ]
      return fields.joined(separator: "\t") + "\n"
    }.joined()
  }
}
