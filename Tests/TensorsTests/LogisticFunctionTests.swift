import Tensors
import Testing

@Suite struct LogisticFunctionTests {
  /// From tables: 1 / (1 + e^-2) = 0.880797…, and by symmetry.
  @Test func sigmoids() {
    #expect(sigmoid(0) == 0.5)
    #expect(abs(sigmoid(2) - 0.880_797_1) < 1e-7)
    #expect(abs(sigmoid(-2) - 0.119_202_9) < 1e-7)
    #expect(sigmoid(1000) == 1 && sigmoid(.infinity) == 1)
    #expect(sigmoid(-1000) == 0 && sigmoid(-.infinity) == 0)
    #expect(sigmoid(.nan).isNaN)
    #expect(sigmoid(-87) > 0)
  }

  /// log 2, log(1 + e), and the limits: e^x far below 0, x far above.
  @Test func softpluses() {
    #expect(abs(softplus(0) - 0.693_147_180_559_945_3) < 1e-15)
    #expect(abs(softplus(1) - 1.313_261_687_518_222_8) < 1e-15)
    #expect(softplus(1e6) == 1e6)
    #expect(abs(softplus(-50) / 1.928_749_847_963_917_8e-22 - 1) < 1e-12)
    #expect(softplus(-1e6) == 0)
  }

  @Test func logits() {
    #expect(logit(0.5) == 0)
    #expect(logit(0) == -.infinity && logit(-1) == -.infinity)
    #expect(logit(1) == .infinity && logit(2) == .infinity)
    for value: Float in [-20, -3, -0.1, 0.2, 4] {
      // A probability near 1 keeps few digits of what is missing from it.
      #expect(abs(logit(sigmoid(value)) - value) <= 1e-5 * max(1, abs(value)))
    }
  }
}
