import Tensors
import TestSupport
import Testing

@Suite struct KmerMultiplierTests {
  private let table = scattered([64, 2], seed: 3)
  private static let orders = [
    [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0],
  ]

  private func multipliers(_ codes: [UInt8], _ reference: [UInt8], orders: [[Int]]) -> [Float] {
    var multipliers = [Float](repeating: 0, count: 4 * codes.count)
    for order in orders {
      table.addKmerMultipliers(
        codes, from: reference, order: order, task: 1, times: 1 / Float(orders.count),
        to: &multipliers)
    }
    return multipliers
  }

  private func score(_ codes: ArraySlice<UInt8>) -> Double {
    codes.contains(4)
      ? 0 : Double(table.scalars[codes.reduce(0) { $0 << 2 | Int($1) } * 2 + 1])
  }

  /// What a base makes of a channel: 0.25 of each if it is unknown.
  private func share(_ code: UInt8, _ base: Int) -> Double {
    code == 4 ? 0.25 : Int(code) == base ? 1 : 0
  }

  /// By definition: the sum over 3-mers, also those with unknown bases, which score 0.
  @Test(arguments: orders) func addUpToTheDifference(order: [Int]) {
    let (codes, reference): ([UInt8], [UInt8]) = (
      [0, 3, 2, 1, 4, 1, 2, 2, 0], [3, 3, 0, 4, 1, 1, 2, 1, 0]
    )
    let found = multipliers(codes, reference, orders: [order])
    let sum = codes.indices.reduce(0.0) { sum, position in
      (0..<4).reduce(sum) { sum, base in
        let change = share(codes[position], base) - share(reference[position], base)
        return sum + Double(found[4 * position + base]) * change
      }
    }
    let expected = (0...codes.count - 3).reduce(0.0) {
      $0 + score(codes[$1..<$1 + 3]) - score(reference[$1..<$1 + 3])
    }
    #expect(abs(sum - expected) < 1e-5)
  }

  /// The mean over all orders against Shapley's formula: the weighted mean over the sets of other places that have
  /// the sequence's base already.
  @Test func allOrdersMakeShapleyValues() {
    let (codes, reference): ([UInt8], [UInt8]) = ([0, 3, 2], [2, 1, 0])
    let found = multipliers(codes, reference, orders: Self.orders)
    for place in 0..<3 {
      var value = 0.0
      for set in 0..<8 where set >> place & 1 == 0 {
        let mixed = { (set: Int) in
          self.score((0..<3).map { set >> $0 & 1 == 1 ? codes[$0] : reference[$0] }[...])
        }
        let weight = [1 / 3.0, 1 / 6.0, 1 / 3.0][set.nonzeroBitCount]
        value += weight * (mixed(set | 1 << place) - mixed(set))
      }
      let own = found[4 * place + Int(codes[place])] - found[4 * place + Int(reference[place])]
      #expect(abs(Double(own) - value) < 1e-6)
    }
  }
}
