public import Genomics
public import GenomicsIO
public import Models
internal import Networks

/// Why a region of a genome can't be read.
public enum UnreadableRegion: Error, Equatable, CustomStringConvertible, Sendable {
  case noSuchSequence
  case offTheEnd
  /// The genome's sequence has no room for a window.
  case sequenceShorterThanWindow

  public var description: String {
    switch self {
    case .noSuchSequence: "no such sequence in the genome"
    case .offTheEnd: "off the end of the sequence"
    case .sequenceShorterThanWindow: "on a sequence shorter than a window"
    }
  }
}

extension Model {
  /// What of a genome is read to score a region: the region itself, or if that is shorter than the sequences of
  /// training, a window around its summit or middle. At an end of its sequence such a window is moved
  /// inwards.
  ///
  /// - Parameter sequence: The genome's sequence that the region is on.
  public func stretch(scoring region: Peak, on sequence: GenomeSequence)
    -> Result<GenomicInterval, UnreadableRegion>
  {
    let interval = region.interval
    guard interval.start >= 0, interval.end <= sequence.length else { return .failure(.offTheEnd) }
    if interval.length >= lengths.lowerBound {
      return .success(GenomicInterval(sequence.name, start: interval.start, end: interval.end))
    }
    guard sequence.length >= windowLength else { return .failure(.sequenceShorterThanWindow) }
    let start = max(0, min(region.center - windowLength / 2, sequence.length - windowLength))
    return .success(GenomicInterval(sequence.name, start: start, end: start + windowLength))
  }

  /// The window of the model's length around a region's summit or middle.
  ///
  /// - Parameter sequence: The genome's sequence that the region is on.
  public func window(around region: Peak, on sequence: GenomeSequence)
    -> Result<GenomicInterval, UnreadableRegion>
  {
    sequence.window(of: windowLength, around: region)
  }
}

extension GenomeSequence {
  /// The window of a length around a region's summit or middle.
  public func window(of length: Int, around region: Peak)
    -> Result<GenomicInterval, UnreadableRegion>
  {
    let window = GenomicInterval.centered(on: region.center, length: length, in: name)
    return window.start >= 0 && window.end <= self.length ? .success(window) : .failure(.offTheEnd)
  }
}
