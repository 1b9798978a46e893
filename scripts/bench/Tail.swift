import Genomics
import GenomicsIO
import Inference
import Layers
import Models
import Networks
import Parallel
import Tensors

/// Prints, for each task and a row of p-values, how many of `windows` fresh background windows score as
/// high as the model's file says that this share of them does: task, p-value, score, expected, found.
///
/// - Parameters:
///   - sources: A genome whose windows are shuffled, or what the model was trained on, as FASTA.
func measureTail(modelPath: String, sources: String, isGenome: Bool, windows: Int) throws {
  let model = try Model(path: modelPath)
  let threads = availableProcessorCount
  let pValues = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7]
  let scores = model.background.map { distribution in
    pValues.map { distribution.leastScore(ofPValue: $0) ?? .infinity }
  }
  var found = model.background.map { _ in pValues.map { _ in 0 } }
  let genome = isGenome ? try Genome(path: sources) : nil
  let given = isGenome ? [] : try readFASTA(sources).map(\.bases)
  let size = 20_000
  for round in 0..<windows / size {
    let seed = UInt64(1_000_000 + round)
    let fresh = try genome.map {
      try backgroundWindows(of: $0, length: model.windowLength, seed: seed, threads: threads)
    }
    let shuffles = backgroundShuffles(
      of: fresh ?? given, count: size, length: model.windowLength, seed: seed, threads: threads)
    let outputs = model.ensemble.outputs(shuffles, threads: threads).scalars
    for (index, output) in outputs.enumerated() {
      let task = index % model.tasks.count
      for (rank, score) in scores[task].enumerated() where output >= score {
        found[task][rank] += 1
      }
    }
  }
  for (task, name) in model.tasks.enumerated() {
    for (rank, pValue) in pValues.enumerated() {
      print(
        name, pValue, scores[task][rank], pValue * Double(windows / size * size),
        found[task][rank], separator: "\t")
    }
  }
}
