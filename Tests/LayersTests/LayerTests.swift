import Genomics
import Layers
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct LayerTests {
  let pass = Pass.inference

  /// `[1, 2] · [[1, 2, 3], [4, 5, 6]] + [10, 20, 30]`, by hand.
  @Test func denseMultipliesAndAddsBias() {
    let dense = Dense(
      weight: Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]),
      bias: Tensor(shape: [3], scalars: [10, 20, 30]))
    let output = dense.forward(Tensor(shape: [1, 2], scalars: [1, 2]), in: pass).output
    #expect(output == Tensor(shape: [1, 3], scalars: [19, 32, 45]))
  }

  /// By hand, `[1, 0, 2] · [[1, 2, 3], [4, 5, 6]]ᵀ`; and a row alone has the bits that it has among others.
  @Test func denseGivesTheGradientOfItsInput() {
    let dense = Dense(
      weight: Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]), bias: Tensor(zeros: [3]))
    let one = dense.inputGradient(
      Tensor(shape: [1, 3], scalars: [1, 0, 2]), saved: Tensor(zeros: [1, 2]))
    #expect(one == Tensor(shape: [1, 2], scalars: [7, 16]))
    let wide = Dense(weight: scattered([40, 33], seed: 1), bias: scattered([33]))
    let gradient = scattered([67, 33], seed: 2)
    let all = wide.inputGradient(gradient, saved: Tensor(zeros: [67, 40]))
    for row in [0, 30, 66] {
      let own = Tensor(shape: [1, 33], scalars: Array(gradient.scalars[row * 33..<(row + 1) * 33]))
      let alone = wide.inputGradient(own, saved: Tensor(zeros: [1, 40]))
      #expect(alone.scalars[...] == all.scalars[row * 40..<(row + 1) * 40])
    }
  }

  /// The definition, in plain Double loops.
  @Test(arguments: [(1, 1, 1), (1, 5, 5), (3, 9, 4)])
  func convolutionFollowsItsDefinition(count: Int, length: Int, width: Int) {
    let (channels, filters) = (2, 3)
    let layer = Convolution(
      weight: scattered([width, channels, filters], seed: 1), bias: scattered([filters], seed: 2))
    let input = scattered([count, length, channels])
    let output = layer.forward(input, in: pass).output
    let positions = length - width + 1
    #expect(output.shape == [count, positions, filters])
    for n in 0..<count {
      for p in 0..<positions {
        for f in 0..<filters {
          var sum = Double(layer.bias.scalars[f])
          for j in 0..<width {
            for c in 0..<channels {
              sum +=
                Double(input.scalars[(n * length + p + j) * channels + c])
                * Double(layer.weight.scalars[(j * channels + c) * filters + f])
            }
          }
          let own = Double(output.scalars[(n * positions + p) * filters + f])
          #expect(abs(own - sum) < 1e-6)
        }
      }
    }
  }

  /// Columns (3, 1, 3) and (-1, -2, -3): maxima 3 and -1, means 7/3 and -2; by hand.
  @Test func poolsOverPositions() {
    let input = Tensor(shape: [1, 3, 2], scalars: [3, -1, 1, -2, 3, -3])
    let output = GlobalPooling(.maxAndMean).forward(input, in: pass).output
    #expect(output == Tensor(shape: [1, 4], scalars: [3, -1, 7 / 3, -2]))
    #expect(GlobalPooling(.max).forward(input, in: pass).output.scalars == [3, -1])
  }

  /// Rows (3, -1), (1, -2), (3, -3), (7, 0), (9, 9) by windows of 2: maxima (3, -1), (7, 0), means
  /// (2, -1.5), (5, -1.5); the fifth row is dropped. By hand.
  @Test func poolsInWindows() {
    let input = Tensor(shape: [1, 5, 2], scalars: [3, -1, 1, -2, 3, -3, 7, 0, 9, 9])
    let both = WindowPooling(.maxAndMean, window: 2).forward(input, in: pass).output
    #expect(both == Tensor(shape: [1, 2, 4], scalars: [3, -1, 2, -1.5, 7, 0, 5, -1.5]))
    let maxima = WindowPooling(.max, window: 2).forward(input, in: pass).output
    #expect(maxima == Tensor(shape: [1, 2, 2], scalars: [3, -1, 7, 0]))
    let means = WindowPooling(.mean, window: 2).forward(input, in: pass).output
    #expect(means == Tensor(shape: [1, 2, 2], scalars: [2, -1.5, 5, -1.5]))
  }

  @Test func flattens() {
    let input = Tensor(shape: [2, 2, 2], scalars: [1, 2, 3, 4, 5, 6, 7, 8])
    let output = Flatten().forward(input, in: pass).output
    #expect(output == Tensor(shape: [2, 4], scalars: [1, 2, 3, 4, 5, 6, 7, 8]))
  }

  @Test func rectifies() {
    let output = Rectifier().forward(Tensor(shape: [1, 3], scalars: [-1, 0, 2]), in: pass).output
    #expect(output.scalars == [0, 0, 2])
  }

  @Test(arguments: [1, 2, 5]) func gradientsMatchCentralDifferences(batch: Int) {
    let random = scattered([batch, 4])
    #expect(
      worstGradientError(
        of: Dense(weight: scattered([4, 3], seed: 1), bias: scattered([3])), at: random) < 1e-3)
    #expect(worstGradientError(of: Rectifier(), at: random) < 1e-3)
    #expect(worstGradientError(of: Dropout(rate: 0.4), at: random) < 1e-3)
  }

  @Test(arguments: [(1, 1, 1), (1, 6, 6), (2, 6, 3), (3, 6, 1)])
  func positionGradientsMatchCentralDifferences(batch: Int, length: Int, width: Int) {
    let input = scattered([batch, length, 3])
    let convolution = Convolution(
      weight: scattered([width, 3, 2], seed: 1), bias: scattered([2]))
    #expect(worstGradientError(of: convolution, at: input) < 1e-3)
    #expect(worstGradientError(of: Flatten(), at: input) < 1e-3)
    for pooling in Pooling.allCases {
      #expect(worstGradientError(of: GlobalPooling(pooling), at: input) < 1e-3)
      #expect(worstGradientError(of: WindowPooling(pooling, window: width), at: input) < 1e-3)
    }
  }
}

@Suite struct PlacedConvolutionTests {
  @Test(arguments: [(1, 1, 2, 1), (2, 3, 1, 0), (3, 2, 3, 3), (1, 1, 5, 5)])
  func gradientsMatchCentralDifferences(batch: Int, stride: Int, dilation: Int, padding: Int) {
    let convolution = Convolution(
      weight: scattered([3, 3, 2], seed: 1), bias: scattered([2]),
      placement: FilterPlacement(stride: stride, dilation: dilation, padding: padding))
    #expect(worstGradientError(of: convolution, at: scattered([batch, 11, 3])) < 1e-3)
  }
}

@Suite struct DropoutTests {
  let input = Tensor(shape: [400, 10], scalars: [Float](repeating: 1, count: 4000))

  /// 4,000 draws at 0.3: the share dropped is within five standard deviations, 5 √(0.3 · 0.7 / 4000).
  @Test func dropsItsShareAndKeepsTheMean() {
    let pass = Pass.training(TrainingPass(seed: 1, step: 0, firstExample: 0, exampleCount: 400))
    let output = Dropout(rate: 0.3).forward(input, in: pass).output
    let dropped = Double(output.scalars.count { $0 == 0 }) / 4000
    #expect(abs(dropped - 0.3) < 0.0363)
    #expect(output.scalars.allSatisfy { $0 == 0 || $0 == 1 / 0.7 })
  }

  @Test func inferenceChangesNothing() {
    #expect(Dropout(rate: 0.3).forward(input, in: .inference).output == input)
  }

  /// What an example draws depends on its place in the batch, not on the shard it is in, and is the
  /// same for both strands.
  @Test func drawsDoNotDependOnShards() {
    let layer = Dropout(rate: 0.5)
    let whole = layer.forward(
      input, in: .training(TrainingPass(seed: 1, step: 7, firstExample: 0, exampleCount: 400)))
    let ten = Tensor(shape: [20, 10], scalars: [Float](repeating: 1, count: 200))
    let part = layer.forward(
      ten, in: .training(TrainingPass(seed: 1, step: 7, firstExample: 30, exampleCount: 10)))
    #expect(part.output.scalars[..<100] == whole.output.scalars[300..<400])
    #expect(part.output.scalars[..<100] == part.output.scalars[100...])
  }
}
