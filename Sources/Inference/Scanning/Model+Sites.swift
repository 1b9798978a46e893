internal import Datasets
package import Genomics
package import GenomicsIO
package import Models
internal import Networks

extension Model {
  /// Whether the model learned k-mers without a genome: a k-mer table adds up what repeats scatter over a window, and it isn't
  /// known that what it learned from showed it repeats that aren't bound.
  package var mayTakeRepeatsForSites: Bool {
    ensemble.kmers != nil && background.first?.origin == .sequences && objective.hasNegatives
      && negatives?.knowsScans != true
  }

  /// Whether these k-mers were told from shuffles, which hold no repeats.
  package var takesRepeatsForSites: Bool {
    mayTakeRepeatsForSites && negatives?.contains(.dinucleotide) == true
  }

  /// The placed sites of some tasks, held in memory: for parts that are short, or few sites.
  ///
  /// - Parameters:
  ///   - parts: In the genome's order, no two with a base in common.
  ///   - pValue: The largest of a site, against the model's background.
  ///   - progress: Told the number of windows that were read.
  /// - Throws: What reading the genome throws.
  package func sites(
    in parts: [GenomicInterval], of genome: Genome, tasks wanted: [Int], pValue: Double,
    threads: Int, progress: (Int) -> Void = { _ in }
  ) throws -> [BindingSite] {
    let placer = SitePlacer(self)
    var thresholds = [Float](repeating: .infinity, count: tasks.count)
    for task in wanted {
      thresholds[task] = background[task].leastScore(ofPValue: pValue) ?? .infinity
    }
    var finders = wanted.map {
      SiteFinder(windowLength: windowLength, reach: placer.width, threshold: thresholds[$0])
    }
    let plan = ScanPlan(of: genome, parts: parts, windowLength: windowLength)
    var scan = GenomeScan(
      plan, model: self, outputs: .reaching(thresholds, othersToRounding: false), threads: threads)
    var found: [(site: Site, task: Int)] = []
    var read = 0
    while let stretch = try scan.next() {
      read += stretch.scores.outputs.count / tasks.count
      progress(read)
      for (index, task) in wanted.enumerated() {
        found += finders[index].add(stretch, task: task, of: tasks.count).map { ($0, task) }
      }
    }
    let candidates = try found.map { site, task in
      SiteCandidate(
        sequence: site.interval.sequence, start: site.interval.start,
        codes: try genome.bases(in: site.interval).codes, task: task, output: site.output)
    }
    var selector = SiteSelector(slack: windowLength)
    let kept = try placer.place(candidates, threads: threads).flatMap { selector.add($0) }
    return kept + selector.finish()
  }
}
