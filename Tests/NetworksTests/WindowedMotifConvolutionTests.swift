import Datasets
import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct WindowedMotifConvolutionTests {
  typealias Case = (filters: Int, width: Int, length: Int, window: Int)

  /// One window, windows of one position, a last partial window, several blocks of filters.
  static let cases: [Case] = [
    (1, 1, 1, 1), (3, 4, 4, 1), (5, 6, 20, 15), (5, 6, 20, 4), (17, 9, 33, 5), (32, 2, 12, 3),
  ]

  /// Sums have no fused form.
  static let poolings: [Pooling] = [.max, .mean, .maxAndMean]

  private func stem(_ shape: Case, _ pooling: Pooling, _ strands: StrandRule)
    -> WindowedMotifConvolution
  {
    WindowedMotifConvolution(
      MotifConvolution(
        weight: scattered([shape.width, 4, shape.filters], seed: 2),
        bias: scattered([shape.filters], seed: 9), pooling: pooling, strands: strands),
      window: shape.window)
  }

  @Test(arguments: cases, poolings)
  func equalsTheLayersOfItsDefinition(shape: Case, pooling: Pooling) {
    for strands in NetworkTests.strandRules {
      let batch = sequences(count: 3, length: shape.length)
      let own = stem(shape, pooling, strands)
      let (output, saved) = own.forward(batch)

      let (oneHot, rectifier) = (OneHot(strands: strands), Rectifier())
      let convolution = Convolution(weight: own.motifs.weight, bias: own.motifs.bias)
      let (bases, basesSaved) = oneHot.forward(batch)
      let (convolved, inputSaved) = convolution.forward(bases, in: .inference)
      let (rectified, positive) = rectifier.forward(convolved, in: .inference)
      let pool = WindowPooling(pooling, window: shape.window)
      let (pooled, winners) = pool.forward(rectified, in: .inference)
      #expect(worst(output, pooled) < 1e-5)

      let gradient = scattered(output.shape, seed: 4)
      let back = convolution.backward(
        rectifier.backward(pool.backward(gradient, saved: winners).input, saved: positive).input,
        saved: inputSaved)
      let parameters = own.backward(gradient, saved: saved, batch: batch)
      #expect(worst(parameters[0], back.parameters[0]) < 1e-5)
      #expect(worst(parameters[1], back.parameters[1]) < 1e-5)
      #expect(
        worst(
          own.inputGradient(gradient, saved: saved, batch: batch),
          oneHot.inputGradient(back.input, saved: basesSaved, batch: batch)) < 1e-5)
    }
  }

  /// Against each window by itself.
  @Test(arguments: cases, poolings)
  func slidesOverAStretch(shape: Case, pooling: Pooling) {
    for strands in NetworkTests.strandRules {
      let own = stem(shape, pooling, strands)
      let stretch = Array(sequences(count: 1, length: shape.length + 11).codes)
      var windows = SequenceBatch()
      for start in 0...11 { windows.append(stretch[start..<start + shape.length]) }
      let slid = own.windowFeatures(stretch, length: shape.length)
      #expect(worst(slid, own.forward(windows).output) < 1e-5)
    }
  }
}
