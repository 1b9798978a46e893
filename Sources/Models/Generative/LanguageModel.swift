package import Datasets
internal import Genomics
public import Layers
package import Networks
public import Tensors

/// A language model without its weights.
public struct LanguageModelSettings: Codable, Equatable, Sendable {
  /// The number of bases before one that the layers read.
  public var context: Int
  /// The order of the Markov model whose log-chances are added to the layers' logits; `nil` for none.
  public var order: Int?
  /// What reads one-hot sequence and ends in four logits for each position. An output reads no base behind its own
  /// position: convolutions without padding, recurrent layers in one direction.
  public var layers: [AnyLayerConfiguration]

  public init(context: Int, order: Int?, layers: [AnyLayerConfiguration]) {
    (self.context, self.order, self.layers) = (context, order, layers)
  }

  /// Convolutions whose taps lie further and further apart (van den Oord et al. 2016), without padding.
  public static func dilated(filters: Int = 64, order: Int?) -> LanguageModelSettings {
    let widths = [(12, 1), (3, 4), (3, 8), (3, 16), (3, 32)]
    let last = AnyLayerConfiguration(
      Convolution.Configuration(filters: 4, width: 1, initialScale: 0.01))
    return LanguageModelSettings(
      context: widths.reduce(1) { $0 + ($1.0 - 1) * $1.1 }, order: order,
      layers: widths.flatMap { width, dilation in
        [
          AnyLayerConfiguration(
            Convolution.Configuration(filters: filters, width: width, dilation: dilation)),
          .rectifier,
        ]
      } + [last])
  }

  /// A long short-term memory.
  public static func recurrent(units: Int = 96, order: Int?) -> LanguageModelSettings {
    let last = AnyLayerConfiguration(
      Convolution.Configuration(filters: 4, width: 1, initialScale: 0.01))
    return LanguageModelSettings(context: 64, order: order, layers: [.lstm(units: units), last])
  }
}

/// The chances of the next base by the bases before it.
public struct LanguageModel: GenerativeModel {
  public static let method = "language"
  public let settings: LanguageModelSettings
  package var layers: LayerStack
  public var markov: MarkovModel?

  public init(_ settings: LanguageModelSettings, seed: UInt64) throws {
    try check(settings.context, in: 1...Limit.features / 4, "context")
    if let order = settings.order { try check(order, in: MarkovModel.orders, "order") }
    self.settings = settings
    layers = try LayerStack(
      settings.layers, reading: .positions(settings.context, channels: 4), name: "layers",
      seed: seed, number: 0)
    guard case .positions(1..., channels: 4) = layers.output else {
      throw ConfigurationError(
        description: "layers make \(layers.output) of \(settings.context) bases; let them make 4 "
          + "channels of at least one position, or give a larger context")
    }
    try layers.checkDirection(context: settings.context)
    markov = settings.order.map {
      MarkovModel(
        words: [Float](repeating: 0, count: 1 << (2 * ($0 + 1))), order: $0,
        strength: MarkovModel.usualStrength)
    }
  }

  public mutating func visitParameters(
    _ visit: (_ path: String, _ role: ParameterRole, inout Tensor) throws -> Void
  ) rethrows {
    try layers.visitParameters { try visit("layers.\($0)", $1, &$2) }
    guard let known = markov else { return }
    var counts = Tensor(
      shape: [known.counts[known.order].count / 4, 4], scalars: known.counts[known.order])
    var strengths = Tensor(shape: [known.order + 1], scalars: known.strengths)
    try visit("markov.counts", .statistic, &counts)
    try visit("markov.strengths", .statistic, &strengths)
    guard counts.scalars != known.counts[known.order] || strengths.scalars != known.strengths else {
      return
    }
    var changed = MarkovModel(words: counts.scalars, order: known.order, strength: 1)
    changed.strengths = strengths.scalars
    markov = changed
  }

  public var generator: (any SequenceGenerator)? { LanguageGenerator(model: self) }

  /// All layers but the last one, which makes the logits.
  public var encoder: SequenceEncoder? {
    SequenceEncoder(layers, layers: settings.layers, count: settings.layers.count - 1)
  }

  /// What the Markov model adds to the logits of the bases from a position on, `[sequence, position, base]`; `nil`
  /// without one.
  ///
  /// - Parameter omitsOwn: Whether the sequences are among those that were counted: then each base's own occurrence
  ///   is left out, or it would tell itself.
  package func offsets(
    for sequences: SequenceBatch, from first: Int, omitsOwn: Bool = false
  ) -> Tensor? {
    guard let markov else { return nil }
    let length = sequences.commonLength ?? first
    var offsets = Tensor(zeros: [sequences.count, length - first, 4])
    var place = 0
    for row in 0..<sequences.count {
      let range = sequences.range(of: row)
      for position in range.lowerBound + first..<range.upperBound {
        let start = max(range.lowerBound, position - markov.order)
        let chances = markov.chances(
          after: sequences.codes[start..<position],
          omitting: omitsOwn ? sequences.codes[position] : nil)
        for base in 0..<4 {
          offsets.scalars[place] = Float(portableLogarithm(Double(chances[base])))
          place += 1
        }
      }
    }
    return offsets
  }

  /// The logits of the bases behind the context, `[sequence, position, base]`.
  ///
  /// - Parameter sequences: Of one length, above that of the context; unknown bases before a sequence's first.
  package func logits(of sequences: SequenceBatch) -> Tensor {
    let read = sequences.droppingLast()
    let made = layers.output(of: read.oneHot())
    var logits = made.droppingPositions(before: (sequences.commonLength ?? 0) - settings.context)
    if let offsets = offsets(for: sequences, from: settings.context) { logits += offsets }
    return logits
  }

  /// The natural logarithm of each base's chance by the bases before it; 0 for an unknown base.
  public func logLikelihoods(of codes: [UInt8]) -> [Float] {
    let unknown = [UInt8](repeating: EncodedSequence.unknown, count: settings.context)
    let padded = unknown + codes
    var result: [Float] = []
    result.reserveCapacity(codes.count)
    for start in stride(from: 0, to: codes.count, by: Self.stretch) {
      let end = min(start + Self.stretch, codes.count)
      var batch = SequenceBatch()
      batch.append(padded[start..<end + settings.context])
      let shares = logits(of: batch).softmaxOfRows().scalars
      for (index, code) in codes[start..<end].enumerated() {
        let share = code < 4 ? shares[4 * index + Int(code)] : 1
        result.append(Float(portableLogarithm(Double(max(share, .leastNormalMagnitude)))))
      }
    }
    return result
  }

  /// The bases that are scored at a time.
  private static let stretch = 4096

  /// Writes sequences side by side, base by base, each behind a context of unknown bases.
  ///
  /// - Parameter choose: The next base of each sequence by its logits, `[sequence, 1, base]`.
  package func written(_ count: Int, length: Int, choose: (_ logits: Tensor) -> [UInt8])
    -> [[UInt8]]
  {
    let unknown = [UInt8](repeating: EncodedSequence.unknown, count: settings.context)
    var codes = [[UInt8]](repeating: unknown, count: count)
    for _ in 0..<length {
      var batch = SequenceBatch()
      // The base to be chosen is not read.
      for own in codes { batch.append(own.suffix(settings.context) + [EncodedSequence.unknown]) }
      for (row, base) in choose(logits(of: batch)).enumerated() { codes[row].append(base) }
    }
    return codes
  }
}

/// Writes sequences base by base.
private struct LanguageGenerator: SequenceGenerator {
  let model: LanguageModel
  let scoreName = "logLikelihood"
  let length: Int? = nil

  func samples(_ numbers: Range<Int>, _ request: SampleRequest) -> [SequenceSample] {
    var streams = numbers.map(request.stream)
    var scores = [Double](repeating: 0, count: numbers.count)
    let codes = model.written(numbers.count, length: request.length) { logits in
      let shares = logits.map { $0 / request.temperature }.softmaxOfRows().scalars
      return scores.indices.map { row in
        let base = drawnBase(shares[4 * row..<4 * row + 4], at: streams[row].uniform())
        scores[row] += portableLogarithm(
          Double(max(shares[4 * row + Int(base)], .leastNormalMagnitude)))
        return base
      }
    }
    return zip(codes, scores).map {
      SequenceSample(
        bases: EncodedSequence(codes: Array($0.dropFirst(model.settings.context))), score: $1)
    }
  }
}

extension LayerStack {
  /// Makes sure that an output reads no base behind its position, by trying.
  ///
  /// - Throws: `ConfigurationError`.
  fileprivate func checkDirection(context: Int) throws {
    var random = RandomStream(seed: 1, .generativeWeights)
    var codes = (0..<context + 3).map { _ in UInt8(random.next(below: 4)) }
    func made() -> Tensor {
      var batch = SequenceBatch()
      batch.append(codes)
      return output(of: batch.oneHot())
    }
    let before = made()
    codes[codes.count - 1] = (codes[codes.count - 1] + 1) % 4
    let after = made()
    guard before.scalars.dropLast(4) == after.scalars.dropLast(4),
      before.scalars.suffix(4) != after.scalars.suffix(4)
    else {
      throw ConfigurationError(
        description: "an output of the layers reads bases behind its own position, or not the last "
          + "base; take convolutions without padding, or recurrent layers of one direction")
    }
  }
}

extension SequenceBatch {
  /// The sequences without their last base each.
  package func droppingLast() -> SequenceBatch {
    var batch = SequenceBatch()
    for row in 0..<count { batch.append(codes[range(of: row)].dropLast()) }
    return batch
  }
}

extension Tensor {
  /// The last positions of `[batch, position, channel]`.
  package func droppingPositions(before kept: Int) -> Tensor {
    let (rows, positions, channels) = (shape[0], shape[1], shape[2])
    guard kept < positions else { return self }
    var result: [Float] = []
    result.reserveCapacity(rows * kept * channels)
    for row in 0..<rows {
      let end = (row + 1) * positions * channels
      result += scalars[end - kept * channels..<end]
    }
    return Tensor(shape: [rows, kept, channels], scalars: result)
  }

  /// The inverse of `droppingPositions`: zeros before.
  package func addingPositions(upTo positions: Int) -> Tensor {
    let (rows, kept, channels) = (shape[0], shape[1], shape[2])
    guard kept < positions else { return self }
    var result = Tensor(zeros: [rows, positions, channels])
    for row in 0..<rows {
      let end = (row + 1) * positions * channels
      result.scalars.replaceSubrange(
        end - kept * channels..<end,
        with: scalars[row * kept * channels..<(row + 1) * kept * channels])
    }
    return result
  }
}
