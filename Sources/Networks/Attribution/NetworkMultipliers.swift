package import Datasets
internal import Layers
package import Tensors

/// What a network reads and makes of sequences in inference, layer by layer from the one-hot tensor.
package struct NetworkPassage: Sendable {
  let batch: SequenceBatch
  let strandLayers: [LayerPassage]
  /// Those of both strands, before they were joined.
  let strandFeatures: Tensor
  let layers: [LayerPassage]
  let output: LayerPassage
}

extension Network {
  /// - Precondition: The network is `plain`; all sequences have one length.
  package func passage(of batch: SequenceBatch) -> NetworkPassage {
    let oneHot = stem.forwardErased(batch).output
    let side = batch.sideTensor
    let strands = strandLayers.passages(of: oneHot, beside: side)
    let features = strands.last?.output ?? oneHot
    let rest = layers.passages(of: joined(features), beside: side)
    let output = output.passage(of: rest.last?.output ?? joined(features))
    return NetworkPassage(
      batch: batch, strandLayers: strands, strandFeatures: features, layers: rest, output: output)
  }

  /// DeepLIFT's multipliers of the one-hot input, `[batch, position, base]`: times its difference from the reference's
  /// they add up to the difference of a task's outputs.
  ///
  /// - Parameter reference: As many sequences of the same length.
  /// - Precondition: The network is `plain`.
  package func multipliers(
    at passage: NetworkPassage, from reference: NetworkPassage, task: Int
  ) -> Tensor {
    var flow = outputMultipliers(
      passage.output.output, from: reference.output.output, task: task)
    flow = output.multipliers(flow, at: passage.output, from: reference.output)
    flow = layers.multipliers(flow, at: passage.layers, from: reference.layers)
    if joinsStrands {
      flow = flow.strandMultipliers(
        of: passage.strandFeatures, from: reference.strandFeatures,
        maxima: maximumCount(passage.strandFeatures))
      flow = strandLayers.multipliers(flow, at: passage.strandLayers, from: reference.strandLayers)
    }
    return stem.inputGradientErased(flow, saved: true, batch: passage.batch)
  }

  /// The multipliers of both strands' outputs, `[rows · batch, task]`.
  private func outputMultipliers(_ outputs: Tensor, from reference: Tensor, task: Int) -> Tensor {
    let examples = outputs.shape[0] / configuration.strands.rowsPerExample
    var outer = Tensor(zeros: [examples, taskCount])
    for example in 0..<examples { outer.scalars[example * taskCount + task] = 1 }
    guard configuration.strands.rowsPerExample == 2 else { return outer }
    return outer.strandMultipliers(
      of: outputs, from: reference, maxima: configuration.strands == .max ? taskCount : 0)
  }
}
