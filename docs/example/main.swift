// Trains a model on peaks, measures it, scans a genome with it and explains its best site, without the command line:
//
//   swift run -c release seqcnn-example PEAKS.narrowPeak.gz GENOME.fa.gz

import Datasets
import Evaluation
import Genomics
import Inference
import Models
import Networks
import Tensors
import Training

let arguments = CommandLine.arguments
guard arguments.count == 3 else { fatalError("usage: seqcnn-example PEAKS GENOME") }
let (peaks, genome) = (arguments[1], arguments[2])
let (seed, threads, length): (UInt64, Int, Int) = (1, 2, 101)

// Windows around the peaks, divided by chromosome, with negatives.
let loaded = try DatasetInput.peaks([PeakFile(task: "bound", path: peaks)], genome: genome)
  .load(length: length)
let prepared = try loaded.prepared(PreparationPlan())
for ledger in loaded.ledgers + prepared.ledgers { print(ledger) }

// The default recipe: three networks and a k-mer table, joined and calibrated.
let training = ModelTraining(
  recipe: Recipe(.standard), objective: Objective(loaded.labelKind), tasks: loaded.dataset.tasks,
  prepared: prepared, seed: seed, threads: threads)
let model = try Model(
  ensemble: training.run().ensemble, objective: training.objective, tasks: training.tasks,
  windowLength: length, provenance: Provenance(version: "example", seed: seed, inputs: []),
  background: []
).withBackground(of: prepared.train, genome: loaded.genome, seed: seed, threads: threads)

// Held-out figures, with 95% intervals.
let outputs = SequenceScorer(model).predictions(of: prepared.test.map(\.bases), threads: threads)
let metrics = Metrics(
  predictions: outputs, examples: prepared.test, tasks: model.tasks, objective: model.objective,
  data: "test", seed: seed, threads: threads)
print("AUROC", metrics.tasks[0].classification?.auroc ?? .nan)

// Every window of the genome, base by base.
var scan = try GenomeScan(genome: genome, model: model, threads: threads)
var best: SiteCandidate?
while let stretch = try scan.next() {
  for (offset, output) in stretch.scores.outputs.enumerated()
  where output > best?.output ?? -.infinity {
    best = SiteCandidate(
      sequence: stretch.sequence, start: stretch.start + offset,
      codes: Array(stretch.codes[offset..<offset + length]), task: 0, output: output)
  }
}

// The bases of the best window that its output comes from.
if let best, let site = try SitePlacer(model).place([best], threads: threads).first {
  print(
    "best site", site.interval, site.strand.rawValue, "p",
    model.background[0].pValue(of: site.output))
  let contributions = model.ensemble.contributions(
    SequenceBatch([EncodedSequence(codes: best.codes)]), task: 0)
  print(contributions.scalars.map { "\($0)" }.joined(separator: " "))
}
try print("model file:", model.bytes.count, "bytes")
