internal import Genomics
public import Models
internal import Motifs

/// A site of one of the model's motifs that a change makes or breaks, strengthens or weakens.
public struct AlleleSite: Equatable, Sendable {
  /// The motif's number in the model.
  public let motif: Int
  /// The log-odds of the motif's best match over the change, in bits.
  public let referenceBits: Double
  public let alternateBits: Double
  /// Whether the motif raises the output.
  public let raisesOutput: Bool
  /// How much of the difference of the outputs the site makes; `nil` if the model has no filters that read bases.
  public fileprivate(set) var effect: Float?

  /// Whether the alternate allele matches better.
  public var isGained: Bool { alternateBits > referenceBits }
}

/// Tells at which sites of a model's motifs a difference arises.
///
/// A motif has a site where a match that reads a changed base has a p-value below 0.001 on uniform background with
/// either allele, and not the same score with both. A filter's part of the difference is that of the site whose motif it
/// answers to most (`MotifResponses`). The part of the k-mers is that of the site whose match changes most: of a
/// substitution all k-mers that differ read a changed base. What no site explains is left.
public struct AlleleSiteFinder: Sendable {
  /// One per task.
  private let tasks: [TaskSites]

  /// A match with a p-value below it is a site.
  public static let sitePValue = 1e-3

  /// - Returns: `nil` if the model's file has no motifs.
  public init?(_ model: Model) {
    guard !model.motifs.isEmpty else { return nil }
    tasks = model.tasks.indices.map { TaskSites(of: $0, in: model) }
  }

  /// The sites of each task's motifs, in the motifs' order.
  ///
  /// - Parameter parts: Those of each task's difference; `nil` if they aren't known.
  func sites(of pair: AllelePair, parts: [AlleleParts]?) -> [[AlleleSite]] {
    tasks.enumerated().map { task, sites in sites.sites(of: pair, parts: parts?[task]) }
  }
}

extension [AlleleSite] {
  /// The site that makes most of a difference, of those whose match changes in its direction: the largest part that has its
  /// sign, the first of equal ones; of a model without filters that whose match changes most. `nil` if none does.
  public func leading(in difference: Float) -> AlleleSite? {
    func size(_ site: AlleleSite) -> Double {
      site.effect.map { Double(difference < 0 ? -$0 : $0) }
        ?? site.rise
    }
    guard difference != 0 else { return nil }
    return enumerated().filter { $0.element.agrees(with: difference) && size($0.element) > 0 }.max {
      (size($0.element), $1.offset) < (size($1.element), $0.offset)
    }?.element
  }
}

/// The sites of one task's motifs.
private struct TaskSites {
  /// The numbers of the motifs in the model.
  let motifs: [Int]
  let matchers: [MotifMatcher]
  /// Whether each raises the output.
  let raise: [Bool]
  let responses: MotifResponses?

  init(of task: Int, in model: Model) {
    motifs = model.motifs.indices.filter { model.motifs[$0].task == task }
    let own = motifs.map { model.motifs[$0].motif }
    raise = motifs.map { model.motifs[$0].isPositive }
    matchers = own.map {
      MotifMatcher($0, below: AlleleSiteFinder.sitePValue, windowLength: model.windowLength)
    }
    responses = MotifResponses(of: own, in: model, task: task)
  }

  func sites(of pair: AllelePair, parts: AlleleParts?) -> [AlleleSite] {
    var sites: [AlleleSite] = []
    var found: [Int] = []
    for (index, matcher) in matchers.enumerated() {
      let scores = (matcher.best(in: pair.reference), matcher.best(in: pair.alternate))
      guard scores.0 != scores.1, matcher.isSite(max(scores.0, scores.1)) else { continue }
      found.append(index)
      sites.append(
        AlleleSite(
          motif: motifs[index], referenceBits: matcher.bits(of: scores.0),
          alternateBits: matcher.bits(of: scores.1), raisesOutput: raise[index], effect: nil))
    }
    guard let parts, let responses, !sites.isEmpty else { return sites }
    for site in sites.indices { sites[site].effect = 0 }
    for change in parts.filters {
      let answering = found.indices.compactMap { site in
        responses.effect(of: found[site], on: change.filter).map { (site, $0) }
      }
      if let site = answering.max(by: { $0.1 < $1.1 })?.0 { sites[site].effect! += change.effect }
    }
    if let kmers = parts.kmers,
      let site = sites.indices.max(by: { sites[$0].rise < sites[$1].rise })
    {
      sites[site].effect! += kmers
    }
    return sites
  }
}

extension AlleleSite {
  /// Whether a motif that raises the output is matched better where it rises, or worse where it falls; of one that lowers it
  /// the other way round.
  fileprivate func agrees(with difference: Float) -> Bool {
    (isGained == raisesOutput) == (difference > 0)
  }

  /// How much the match changes, in bits.
  fileprivate var rise: Double { abs(alternateBits - referenceBits) }
}
