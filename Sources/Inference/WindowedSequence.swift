public import Datasets
public import Genomics
public import GenomicsIO
public import Models

/// A sequence that a model scores, with what stands beside each window of it.
public struct WindowedSequence: Sendable {
  /// The bases, and the numbers beside the whole of them.
  public let bases: EncodedSequence
  /// The numbers beside each window, `[window][number]`; empty if those of the whole are read.
  private let side: [Float]
  private let numberCount: Int

  public init(_ bases: EncodedSequence) { self.init(bases, side: [], numberCount: 0) }

  fileprivate init(_ bases: EncodedSequence, side: [Float], numberCount: Int) {
    (self.bases, self.side, self.numberCount) = (bases, side, numberCount)
  }

  /// Whether each window has numbers of its own.
  var hasSideOfWindows: Bool { !side.isEmpty }

  /// The numbers beside the windows that begin at some positions, `[window][number]`; empty unless each has its own.
  func side(ofWindows starts: Range<Int>) -> [Float] {
    Array(side[starts.lowerBound * numberCount..<starts.upperBound * numberCount])
  }

  /// A window, or all of a sequence that is read whole.
  public subscript(place: Range<Int>) -> EncodedSequence {
    var window = bases[place]
    if hasSideOfWindows {
      window.side = side(ofWindows: place.lowerBound..<place.lowerBound + 1)
    }
    return window
  }
}

/// Reads what a model reads beside sequences of a genome: the means of tracks.
public struct SideReader: Sendable {
  private let tracks: [SideTrack]
  private let windowLength, longestWhole: Int

  /// - Parameter tracks: Those that the model reads, in its order.
  public init(_ tracks: [SideTrack], for model: Model) {
    self.tracks = tracks
    (windowLength, longestWhole) = (model.windowLength, model.lengths.upperBound)
  }

  /// The bases of an interval, with the means over it beside them; of a longer one than those of training with the means
  /// over each window of the model's length.
  ///
  /// - Throws: `ByteError`.
  public func sequence(_ bases: EncodedSequence, of interval: GenomicInterval) throws
    -> WindowedSequence
  {
    guard !tracks.isEmpty, bases.count > longestWhole else {
      return WindowedSequence(try tracks.beside(bases, of: interval))
    }
    return WindowedSequence(
      bases, side: try tracks.means(ofWindows: windowLength, in: interval),
      numberCount: tracks.count)
  }

  /// Refuses a track that has none of a genome's sequences.
  ///
  /// - Throws: `EmptyInputError`.
  public func requireSequences(of genome: [GenomeSequence]) throws {
    try tracks.requireSequences(of: genome)
  }
}
