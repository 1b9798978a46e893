public import Genomics

/// Makes sequences with planted sites, one by one.
///
/// A sequence depends on the plan, its number and the seed alone.
public struct Simulation: Sendable {
  public let plan: SimulationPlan

  /// - Throws: `SimulationProblem`.
  public init(_ plan: SimulationPlan) throws(SimulationProblem) {
    try plan.check()
    self.plan = plan
  }

  /// What is labelled.
  public var tasks: [String] {
    plan.lesson == .multiple ? plan.motifs.map(\.name) : [plan.lesson.rawValue]
  }

  /// Every second sequence is a positive; of `multiple` half of them have each motif. Positives of `xor` have one motif in
  /// turn, and every fourth negative has both.
  public func sequence(_ index: Int) -> SimulatedSequence {
    var random = RandomStream(seed: plan.seed, .simulation, index)
    let background = plan.background
    var sequence = SimulatedSequence(
      name: "simulated\(index + 1)", alphabet: plan.alphabet,
      codes: (0..<plan.length).map { _ in random.choice(by: background) })
    switch plan.lesson {
    case .single, .count, .density, .spacing: plantClass(index % 2, in: &sequence, &random)
    case .multiple:
      sequence.labels = plan.motifs.map { _ in random.next(below: 2) }
      plant(plan.motifs.indices.filter { sequence.labels[$0] == 1 }, in: &sequence, &random)
    case .xor:
      sequence.labels = [index % 2]
      // If as many negatives had both motifs as none, neither motif alone would tell anything, and no network would
      // find them.
      let chosen = index % 2 == 1 ? [index / 2 % 2] : index / 2 % 4 == 3 ? [0, 1] : []
      plant(chosen, in: &sequence, &random)
    }
    return sequence
  }

  /// Labels a sequence, and plants what a lesson of two classes has for that class.
  private func plantClass(
    _ label: Int, in sequence: inout SimulatedSequence, _ random: inout RandomStream
  ) {
    sequence.labels = [label]
    let several = [Int](repeating: 0, count: plan.sites)
    switch (plan.lesson, label) {
    case (.single, 0): break
    case (.count, 1): plant(several, in: &sequence, &random)
    case (.density, 1): plant(several, within: plan.middle, in: &sequence, &random)
    case (.density, _): plant(several, in: &sequence, &random)
    case (.spacing, _): plantPair(isClass: label == 1, in: &sequence, &random)
    default: plant([0], in: &sequence, &random)
    }
  }

  /// Plants sites of some motifs in random order, each place as likely as any other at which they don't overlap.
  private func plant(
    _ motifs: [Int], within range: Range<Int>? = nil, in sequence: inout SimulatedSequence,
    _ random: inout RandomStream
  ) {
    var motifs = motifs
    random.shuffle(&motifs)
    let sites = motifs.map { ($0, oriented(plan.motifs[$0].drawn(using: &random), &random)) }
    let range = range ?? 0..<plan.length
    let free = range.count - sites.reduce(0) { $0 + $1.1.codes.count }
    let before = sites.map { _ in random.next(below: free + 1) }.sorted()
    var start = range.lowerBound
    for ((motif, site), (offset, last)) in zip(sites, zip(before, [0] + before)) {
      start += offset - last
      sequence.plant(site.codes, of: motif, at: start, isReverse: site.isReverse)
      start += site.codes.count
    }
  }

  /// Plants the first motif and the second one behind it, at the plan's distance or at any other; as a whole on
  /// either strand.
  private func plantPair(
    isClass: Bool, in sequence: inout SimulatedSequence, _ random: inout RandomStream
  ) {
    let sites = plan.motifs.map { $0.drawn(using: &random) }
    let room = plan.length - sites[0].count - sites[1].count
    var gap = plan.gap
    if !isClass {
      let other = random.next(below: room)
      gap = other < plan.gap ? other : other + 1
    }
    let isReverse = plan.turnsSites && random.next(below: 2) == 1
    let order = isReverse ? [1, 0] : [0, 1]
    var start = random.next(below: room - gap + 1)
    for motif in order {
      let codes = isReverse ? plan.alphabet.reverseComplement(of: sites[motif][...]) : sites[motif]
      sequence.plant(codes, of: motif, at: start, isReverse: isReverse)
      start += codes.count + gap
    }
  }

  /// A site on one of the strands.
  private func oriented(_ codes: [UInt8], _ random: inout RandomStream)
    -> (codes: [UInt8], isReverse: Bool)
  {
    guard plan.turnsSites, random.next(below: 2) == 1 else { return (codes, false) }
    return (plan.alphabet.reverseComplement(of: codes[...]), true)
  }
}

extension SimulationPlan {
  /// Whether sites stand on either strand.
  fileprivate var turnsSites: Bool { readsBothStrands && alphabet.hasComplement }
}

/// A sequence with what was planted in it.
public struct SimulatedSequence: Equatable, Sendable {
  public let name: String
  public let alphabet: Alphabet
  public fileprivate(set) var codes: [UInt8]
  /// 0 or 1, one per task.
  public fileprivate(set) var labels: [Int] = []
  /// By their places.
  public private(set) var sites: [SimulatedSite] = []

  fileprivate init(name: String, alphabet: Alphabet, codes: [UInt8]) {
    (self.name, self.alphabet, self.codes) = (name, alphabet, codes)
  }

  /// The letters.
  public var text: String { String(decoding: alphabet.letters(of: codes), as: UTF8.self) }

  fileprivate mutating func plant(
    _ site: [UInt8], of motif: Int, at start: Int, isReverse: Bool
  ) {
    codes.replaceSubrange(start..<start + site.count, with: site)
    sites.append(
      SimulatedSite(
        motif: motif, range: start..<start + site.count,
        strand: isReverse ? .reverse : .forward))
  }
}

/// Where a site was planted.
public struct SimulatedSite: Equatable, Sendable {
  /// Which motif of the plan it is of.
  public let motif: Int
  public let range: Range<Int>
  public let strand: Strand
}
