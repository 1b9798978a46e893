import Tensors
import TestSupport
import Testing

@Suite struct AffineMapTests {
  /// `[[1, 2], [0, -1]] · [[1, 2, 3], [4, 5, 6]] + [10, 20, 30]`, by hand.
  @Test func multipliesAndAddsBias() {
    let input = Tensor(shape: [2, 2], scalars: [1, 2, 0, -1])
    let output = input.mapped(
      weight: Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6]),
      bias: Tensor(shape: [3], scalars: [10, 20, 30]))
    #expect(output == Tensor(shape: [2, 3], scalars: [19, 32, 45, 6, 15, 24]))
  }

  /// Many rows take another way than few: each has the bits that it has alone.
  @Test func rowsAreTheSameAmongMany() {
    let (input, weight, bias) = (
      scattered([40, 700]), scattered([700, 211], seed: 3), scattered([211], seed: 2)
    )
    let output = input.mapped(weight: weight, bias: bias)
    for row in 0..<40 {
      let alone = Tensor(stacking: [input.row(row)]).mapped(weight: weight, bias: bias)
      #expect(alone.row(0) == output.row(row))
    }
  }

  /// More weights than are read again for every few rows: the definition in Double, and the bits of a row alone.
  @Test func mapsByManyWeights() {
    let (inputs, outputs) = (2100, 2000)
    let (input, bias) = (scattered([5, inputs]), scattered([outputs], seed: 2))
    let weight = Tensor(
      shape: [inputs, outputs],
      scalars: (0..<inputs * outputs).map { Float($0 * 7919 % 1009) / 1009 - 0.5 })
    let output = input.mapped(weight: weight, bias: bias)
    for (row, column) in [(0, 0), (4, outputs - 1), (2, 17)] {
      let expected = (0..<inputs).reduce(Double(bias.scalars[column])) {
        $0 + Double(input.scalars[row * inputs + $1])
          * Double(weight.scalars[$1 * outputs + column])
      }
      // Sums of 2,100 products below 1/4.
      #expect(abs(Double(output.scalars[row * outputs + column]) - expected) < 1e-4)
    }
    let alone = Tensor(stacking: [input.row(3)]).mapped(weight: weight, bias: bias)
    #expect(alone.row(0) == output.row(3))
  }
}
