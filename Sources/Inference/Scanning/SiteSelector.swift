internal import Genomics

/// Keeps of sites that share a base the one with the highest output, task by task, and puts them in order.
///
/// A site goes where one of its task that shares a base with it has a higher output, or the same and begins
/// before. Held are only sites that later ones may still change.
public struct SiteSelector: Sendable {
  private struct Held {
    let site: BindingSite
    var isBeaten = false
  }

  private let slack: Int
  private var held: [Held] = []

  /// - Parameter slack: How far before the latest site a later one may begin: the length of a window
  ///   where windows come in order.
  public init(slack: Int) {
    self.slack = slack
  }

  /// Takes a site; those of a sequence come one after the other.
  ///
  /// - Returns: Sites that no later one can change, in order of position and task.
  public mutating func add(_ site: BindingSite) -> [BindingSite] {
    let isNewSequence = held.last.map { $0.site.interval.sequence != site.interval.sequence }
    let limit = site.interval.start - slack
    let kept = isNewSequence == true ? finish() : take { $0.interval.end <= limit }
    var new = Held(site: site)
    for index in held.indices where held[index].site.competes(with: site) {
      if held[index].site.precedes(site) {
        new.isBeaten = true
      } else {
        held[index].isBeaten = true
      }
    }
    let place = held.lastIndex { !site.isBefore($0.site) }.map { $0 + 1 } ?? 0
    held.insert(new, at: place)
    return kept
  }

  /// The sites that are left.
  public mutating func finish() -> [BindingSite] {
    take { _ in true }
  }

  /// Removes the first sites as long as a condition holds.
  private mutating func take(while condition: (BindingSite) -> Bool) -> [BindingSite] {
    let count = held.firstIndex { !condition($0.site) } ?? held.count
    defer { held.removeFirst(count) }
    return held[..<count].filter { !$0.isBeaten }.map(\.site)
  }
}

extension BindingSite {
  fileprivate func competes(with other: BindingSite) -> Bool {
    task == other.task && interval.overlaps(other.interval)
  }

  /// Whether it is the better one of two that compete.
  fileprivate func precedes(_ other: BindingSite) -> Bool {
    (-output, interval.start, window.lowerBound)
      <= (-other.output, other.interval.start, other.window.lowerBound)
  }

  /// The order of a file, in one sequence.
  fileprivate func isBefore(_ other: BindingSite) -> Bool {
    (interval.start, interval.end, task, window.lowerBound)
      < (other.interval.start, other.interval.end, other.task, other.window.lowerBound)
  }
}
