public import Genomics
public import Models
internal import Networks
public import Tensors

/// What every substitution in a sequence does to a model's outputs: saturation mutagenesis in silico.
public struct Mutagenesis: Sendable {
  public let sequence: EncodedSequence
  /// The output with a base in a place, less that of the sequence as it is, `[position, 4, task]`; 0 for the base
  /// that stands there.
  public let deltas: Tensor

  /// Mutates a sequence that is no longer than those of training as a whole. In a longer one each position is
  /// mutated in the window of the model's length that has it in its middle, or near an end of the
  /// sequence in the first or last window.
  public init(of sequence: EncodedSequence, by model: Model, threads: Int) {
    self.sequence = sequence
    deltas =
      model.readsWhole(length: sequence.count)
      ? Self.wholeDeltas(of: sequence, by: model.ensemble, threads: threads)
      : Self.windowDeltas(of: sequence, by: model, threads: threads)
  }

  private static func wholeDeltas(
    of sequence: EncodedSequence, by ensemble: Ensemble, threads: Int
  ) -> Tensor {
    let reference = ensemble.outputs([sequence], threads: 1).scalars
    var deltas = ensemble.substitutionOutputs(sequence, threads: threads)
    for index in deltas.scalars.indices {
      deltas.scalars[index] -= reference[index % reference.count]
    }
    return deltas
  }

  /// Positions computed at a time, so that memory doesn't grow with the sequence.
  private static let positionsPerBlock = 4096

  private static func windowDeltas(
    of sequence: EncodedSequence, by model: Model, threads: Int
  ) -> Tensor {
    let (length, tasks, bases) = (model.windowLength, model.tasks.count, Alphabet.dna.count)
    var deltas = Tensor(zeros: [sequence.count, bases, tasks])
    for first in stride(from: 0, to: sequence.count, by: positionsPerBlock) {
      let positions = first..<min(first + positionsPerBlock, sequence.count)
      // Of each position the window as it is, then with each base.
      let windows = positions.flatMap { position -> [EncodedSequence] in
        let start = max(0, min(position - length / 2, sequence.count - length))
        let window = sequence[start..<start + length]
        return [window] + (0..<bases).map { window.replacing(position - start, by: UInt8($0)) }
      }
      let outputs = model.ensemble.outputs(windows, threads: threads).scalars
      for (row, position) in positions.enumerated() {
        for base in 0..<bases {
          for task in 0..<tasks {
            let unchanged = row * (1 + bases)
            deltas.scalars[(position * bases + base) * tasks + task] =
              outputs[(unchanged + 1 + base) * tasks + task] - outputs[unchanged * tasks + task]
          }
        }
      }
    }
    return deltas
  }

  /// The deltas of one task, `[position][4]`.
  public func deltas(of task: Int) -> [Float] {
    let tasks = deltas.shape[2]
    return stride(from: task, to: deltas.scalars.count, by: tasks).map { deltas.scalars[$0] }
  }
}

extension EncodedSequence {
  fileprivate func replacing(_ position: Int, by code: UInt8) -> EncodedSequence {
    var codes = codes
    codes[position] = code
    return with(codes: codes)
  }
}
