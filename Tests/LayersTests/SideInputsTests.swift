import Layers
import Tensors
import Testing

@Suite struct SideInputsTests {
  private let layer = SideInputs(names: ["a", "b"], means: [1, 10], deviations: [2, 5])

  /// (5 − 1) / 2 and (0 − 10) / 5, by hand; a number that isn't known is the mean. Both strands have the same.
  @Test func appendsStandardizedNumbers() {
    let input = Tensor(shape: [4, 1], scalars: [7, 8, 9, 6])
    let side = Tensor(shape: [2, 2], scalars: [5, 0, .nan, 15])
    let output = layer.forward(input, in: .inference.beside(side)).output
    #expect(
      output
        == Tensor(shape: [4, 3], scalars: [7, 2, -2, 8, 0, 1, 9, 2, -2, 6, 0, 1]))
  }

  /// The numbers have no gradient: what is behind the features falls away.
  @Test func carriesBackTheFeaturesGradient() {
    let gradient = Tensor(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])
    #expect(
      layer.backward(gradient, saved: 1, wantsInput: true).input
        == Tensor(shape: [2, 1], scalars: [1, 4]))
    #expect(layer.parameters.isEmpty)
  }

  @Test func refusesWhatDoesNotFit() {
    func refuses(_ layer: SideInputs, _ input: Extents) -> Bool {
      do throws(ConfigurationError) {
        _ = try layer.output(after: input)
        return false
      } catch {
        return true
      }
    }
    #expect((try? layer.output(after: .vector(3))) == .vector(5))
    #expect(refuses(layer, .positions(4, channels: 2)))
    #expect(refuses(SideInputs(names: [], means: [], deviations: []), .vector(3)))
    #expect(refuses(SideInputs(names: ["a"], means: [0], deviations: [0]), .vector(3)))
    #expect(refuses(SideInputs(names: ["a"], means: [], deviations: [1]), .vector(3)))
    #expect(
      refuses(SideInputs(names: ["a", "a"], means: [0, 0], deviations: [1, 1]), .vector(3)))
  }
}
