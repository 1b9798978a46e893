package import Genomics
package import GenomicsIO
package import Models

extension Model {
  /// The placed sites of some tasks, held in memory: for parts that are short, or few sites.
  ///
  /// - Parameters:
  ///   - parts: In the genome's order, no two with a base in common.
  ///   - pValue: The largest of a site, against the model's background.
  /// - Throws: What reading the genome throws.
  package func sites(
    in parts: [GenomicInterval], of genome: Genome, tasks wanted: [Int], pValue: Double,
    threads: Int
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
    while let stretch = try scan.next() {
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
    let kept = placer.place(candidates, threads: threads).flatMap { selector.add($0) }
    return kept + selector.finish()
  }
}
