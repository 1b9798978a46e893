import Datasets
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct MotifConvolutionTests {
  static let shapes: [(filters: Int, width: Int, length: Int)] = [
    (1, 1, 1), (3, 4, 4), (5, 6, 20), (17, 9, 33),
  ]

  /// The same filters as a fused stem and as layers behind `OneHot`.
  func pair(
    _ shape: (filters: Int, width: Int, length: Int), _ pooling: Pooling, _ strands: StrandRule
  )
    -> (motifs: MotifConvolution, layers: (OneHot, Convolution, Rectifier, GlobalPooling))
  {
    let weight = scattered([shape.width, 4, shape.filters], seed: 2)
    let bias = scattered([shape.filters], seed: 9)
    return (
      MotifConvolution(weight: weight, bias: bias, pooling: pooling, strands: strands),
      (
        OneHot(strands: strands), Convolution(weight: weight, bias: bias), Rectifier(),
        GlobalPooling(pooling)
      )
    )
  }

  @Test(arguments: shapes, [Pooling.max, .maxAndMean])
  func equalsTheLayersOfItsDefinition(
    shape: (filters: Int, width: Int, length: Int), pooling: Pooling
  ) {
    for strands in NetworkTests.strandRules {
      let batch = sequences(count: 3, length: shape.length)
      let (motifs, (oneHot, convolution, rectifier, pool)) = pair(shape, pooling, strands)
      let (output, saved) = motifs.forward(batch)

      let (bases, basesSaved) = oneHot.forward(batch)
      let (convolved, inputSaved) = convolution.forward(bases, in: .inference)
      let (rectified, positive) = rectifier.forward(convolved, in: .inference)
      let (pooled, winners) = pool.forward(rectified, in: .inference)
      #expect(worst(output, pooled) < 1e-5)

      let gradient = scattered(output.shape, seed: 4)
      let back = convolution.backward(
        rectifier.backward(pool.backward(gradient, saved: winners).input, saved: positive).input,
        saved: inputSaved)
      let own = motifs.backward(gradient, saved: saved, batch: batch)
      #expect(worst(own[0], back.parameters[0]) < 1e-5)
      #expect(worst(own[1], back.parameters[1]) < 1e-5)
      #expect(
        worst(
          motifs.inputGradient(gradient, saved: saved, batch: batch),
          oneHot.inputGradient(back.input, saved: basesSaved, batch: batch)) < 1e-5)
    }
  }

  /// Strands that are pooled together are `Rectifier` and `GlobalPooling` over the positions of both,
  /// one strand behind the other, the means times their scale.
  @Test(arguments: shapes, [Pooling.max, .maxAndMean])
  func poolsBothStrandsAsOne(
    shape: (filters: Int, width: Int, length: Int), pooling: Pooling
  ) {
    // None is a palindrome, whose strands tie.
    let batch = sequences(count: 9, length: shape.length).gathered([6, 7, 8])
    let (_, (oneHot, convolution, rectifier, pool)) = pair(shape, pooling, .mean)
    let motifs = MotifConvolution(
      weight: convolution.weight, bias: convolution.bias, pooling: pooling, meanScale: 4,
      strands: .pooled)
    let (output, saved) = motifs.forward(batch)

    let (bases, basesSaved) = oneHot.forward(batch)
    let (convolved, inputSaved) = convolution.forward(bases, in: .inference)
    let (rectified, positive) = rectifier.forward(together(convolved), in: .inference)
    let (pooled, winners) = pool.forward(rectified, in: .inference)
    #expect(output.shape == [3, shape.filters * pooling.featuresPerFilter])
    #expect(worst(output, meansTimesFour(pooled, filters: shape.filters)) < 1e-5)
    let windows = motifs.windowFeatures(Array(batch.codes[..<shape.length]), length: shape.length)
    #expect(worst(windows, motifs.forward(batch.gathered([0])).output) < 1e-5)

    let gradient = scattered(output.shape, seed: 4)
    let scaled = meansTimesFour(gradient, filters: shape.filters)
    let back = convolution.backward(
      apart(
        rectifier.backward(pool.backward(scaled, saved: winners).input, saved: positive).input),
      saved: inputSaved)
    let own = motifs.backward(gradient, saved: saved, batch: batch)
    #expect(worst(own[0], back.parameters[0]) < 1e-5)
    #expect(worst(own[1], back.parameters[1]) < 1e-5)
    #expect(
      worst(
        motifs.inputGradient(gradient, saved: saved, batch: batch),
        oneHot.inputGradient(back.input, saved: basesSaved, batch: batch)) < 1e-5)
  }

  /// Puts the reverse strands of three sequences, which are the last three rows, behind their forward strands.
  private func together(_ strands: Tensor) -> Tensor {
    let (positions, filters) = (strands.shape[1], strands.shape[2])
    return Tensor(
      shape: [3, 2 * positions, filters], scalars: sixths([0, 3, 1, 4, 2, 5], of: strands))
  }

  /// The inverse of `together`.
  private func apart(_ pairs: Tensor) -> Tensor {
    let (positions, filters) = (pairs.shape[1] / 2, pairs.shape[2])
    return Tensor(shape: [6, positions, filters], scalars: sixths([0, 2, 4, 1, 3, 5], of: pairs))
  }

  /// The sixths of a tensor in some order: the strands of three sequences.
  private func sixths(_ order: [Int], of tensor: Tensor) -> [Float] {
    let size = tensor.scalars.count / 6
    return order.flatMap { row -> ArraySlice<Float> in
      tensor.scalars[row * size..<(row + 1) * size]
    }
  }

  /// Features of which the means, which stand behind the maxima, are multiplied by 4.
  private func meansTimesFour(_ features: Tensor, filters: Int) -> Tensor {
    var scaled = features
    for index in scaled.scalars.indices where index % features.shape[1] >= filters {
      scaled.scalars[index] *= 4
    }
    return scaled
  }

  /// Sequences of different lengths give what each gives alone.
  @Test func readsSequencesOfDifferentLengths() {
    let (motifs, _) = pair((5, 4, 0), .maxAndMean, .max)
    let lengths = [4, 9, 30]
    let parts = lengths.map { sequences(count: 1, length: $0) }
    var whole = SequenceBatch()
    for part in parts { whole.append(part.codes) }
    let output = motifs.forward(whole).output
    for (row, part) in parts.enumerated() {
      let alone = motifs.forward(part).output
      for (strand, features) in [0, 1].map({ ($0, 10) }) {
        let first = (strand * 3 + row) * features
        #expect(
          output.scalars[first..<first + features]
            == alone.scalars[strand * features..<(strand + 1) * features])
      }
    }
  }
}
