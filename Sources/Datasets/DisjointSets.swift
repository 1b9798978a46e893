import Genomics

/// Elements 0… that are united step by step (union–find with path halving).
package struct DisjointSets {
  private var parents: [Int]

  /// Each element in a set of its own.
  package init(count: Int) {
    parents = Array(0..<count)
  }

  /// The element that stands for the set of an element: the smallest of the set.
  mutating func representative(of element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  mutating func unite(_ first: Int, _ second: Int) {
    let a = representative(of: first)
    let b = representative(of: second)
    parents[max(a, b)] = min(a, b)
  }

  /// The sets, in the order of their smallest elements, each ascending.
  package mutating func sets() -> [[Int]] {
    var indices = [Int](repeating: -1, count: parents.count)
    var sets: [[Int]] = []
    for element in parents.indices {
      let representative = representative(of: element)
      if representative == element {
        indices[element] = sets.count
        sets.append([])
      }
      sets[indices[representative]].append(element)
    }
    return sets
  }
}

extension DisjointSets {
  /// Unites intervals that share a base; `nil` overlaps nothing.
  mutating func uniteOverlapping(_ intervals: [GenomicInterval?]) {
    let placed = intervals.enumerated().compactMap { index, interval in
      interval.map { (index: index, interval: $0) }
    }
    let ordered = placed.sorted {
      ($0.interval.sequence, $0.interval.start, $0.index)
        < ($1.interval.sequence, $1.interval.start, $1.index)
    }
    // Of the intervals so far on the sequence, the one that reaches furthest.
    var furthest: (index: Int, interval: GenomicInterval)?
    for next in ordered {
      if let last = furthest, last.interval.overlaps(next.interval) {
        unite(last.index, next.index)
        if last.interval.end >= next.interval.end { continue }
      }
      furthest = next
    }
  }
}
