import Genomics
import Inference
import Models
import Testing

@Suite struct SiteSelectorTests {
  /// A site stays where none of its task that shares a base with it is better: a higher output, or an equal
  /// one that begins before.
  private func selected(_ sites: [BindingSite]) -> [BindingSite] {
    sites.enumerated().filter { index, site in
      sites.enumerated().allSatisfy { other, rival in
        other == index || rival.task != site.task || !rival.interval.overlaps(site.interval)
          || (site.output, -site.interval.start, -site.window.lowerBound)
            > (rival.output, -rival.interval.start, -rival.window.lowerBound)
      }
    }.map(\.element).sorted {
      ($0.interval.sequence, $0.interval.start, $0.interval.end, $0.task)
        < ($1.interval.sequence, $1.interval.start, $1.interval.end, $1.task)
    }
  }

  @Test(arguments: UInt64(0)..<8) func keepsWhatTheDefinitionSays(seed: UInt64) {
    var random = RandomStream(seed: seed, .background)
    let length = 30
    var sites: [BindingSite] = []
    for sequence in ["a", "b"] {
      var start = 0
      for _ in 0..<300 {
        start += 1 + random.next(below: 8)
        let width = random.next(below: 10) == 0 ? length : 8
        let offset = random.next(below: length - width + 1)
        sites.append(
          BindingSite(
            interval: GenomicInterval(
              sequence, start: start + offset, end: start + offset + width),
            strand: .forward, window: start..<start + length, task: random.next(below: 2),
            output: Float(random.next(below: 6))))
      }
    }
    var selector = SiteSelector(slack: length)
    let found = sites.flatMap { selector.add($0) } + selector.finish()
    #expect(found == selected(sites))
    #expect(found.count > 50 && found.count < sites.count)
  }
}
