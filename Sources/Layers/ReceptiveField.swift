/// The bases that an output of a layer reads (Araujo et al. 2019).
public struct ReceptiveField: Equatable, Sendable {
  /// The number of bases; `nil` for all of the sequence.
  public var width: Int?
  /// The bases from one output to the next.
  public var step: Double
  /// The first base that the first output reads, but for layers that make several positions of one; below 0 if that
  /// is padding.
  public var start: Double

  public init(width: Int?, step: Double = 1, start: Double = 0) {
    (self.width, self.step, self.start) = (width, step, start)
  }

  /// That of a base.
  public static let base = ReceptiveField(width: 1)
  /// That of what has read every position.
  public static let all = ReceptiveField(width: nil)

  /// That of an output that reads so many of these, side by side.
  ///
  /// - Parameters:
  ///   - stride: The number of these from one output to the next; below 1 if there are more outputs.
  ///   - padding: The number of these that the first output reads before the first one.
  package func reading(_ count: Int, stride: Double = 1, padding: Double = 0) -> ReceptiveField {
    let added = Double(count - 1) * step
    return ReceptiveField(
      width: width.map {
        added < Self.mostCounted ? $0 + Int(added.rounded(.up)) : Int(Self.mostCounted)
      },
      step: step * stride, start: start - padding * step)
  }

  private static let mostCounted = 0x1p50
}

extension [AnyLayerConfiguration] {
  /// The receptive field of what the last layer makes.
  package func receptiveField(after field: ReceptiveField) -> ReceptiveField {
    reduce(field) { $1.layer.receptiveField(after: $0) }
  }
}

extension LayerConfiguration {
  /// The widest of those of its lists; that of its input if it has none.
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField {
    let fields = branches.map { $0.layers.receptiveField(after: field) }
    guard !fields.contains(where: { $0.width == nil }) else { return .all }
    return fields.max { ($0.width ?? 0) < ($1.width ?? 0) } ?? field
  }
}

extension Convolution.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField {
    field.reading(span, stride: Double(stride ?? 1), padding: Double(paddingCount))
  }
}

extension TransposedConvolution.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField {
    let (span, stride) = ((width - 1) * (dilation ?? 1) + 1, stride ?? 1)
    return field.reading(
      (span + stride - 1) / stride, stride: 1 / Double(stride))
  }
}

extension Upsampling {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField {
    field.reading(1, stride: 1 / Double(factor))
  }
}

extension WindowPooling.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField {
    field.reading(window, stride: Double(window))
  }
}

extension ChannelDense.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}

extension GlobalPooling.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}

extension AttentionPooling.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}

extension SelfAttention.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}

extension Flatten {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}

extension Recurrent.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}

extension Jordan.Configuration {
  public func receptiveField(after field: ReceptiveField) -> ReceptiveField { .all }
}
