internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Networks
internal import Training

struct PretrainEnergyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain-energy",
    abstract: "Learn Boltzmann machines from sequences without labels.",
    discussion: """
      EXAMPLES
        seqcnn pretrain-energy --fasta peaks.fa --hidden 200 --output rbm
        seqcnn pretrain-energy --regions peaks.narrowPeak.gz --genome hg38.fa.gz \\
          --hidden 200 100 --tune 20 --output dbn
        seqcnn train --positives few.fa --from dbn/model.safetensors --new-head \\
          --length 101 --output few

      One number of --hidden makes a restricted Boltzmann machine, several a deep
      belief network: machines on top of each other, learned from the lowest up. With
      --tune the network is unrolled into an autoencoder and fine-tuned. --dreams
      says what learning compares the data with:
        contrastive  chains of --steps that start at the data (CD-k)
        persistent   chains that go on from step to step
        asleep       chains that start anew, hot, and cool

      Every tenth sequence measures. The folder holds
        model.safetensors  the network of the machines' sizes, for `train --from`
        history.tsv        part, epoch, losses of reconstructions in nats per
                           sequence, and by how much the free energy of held-out
                           sequences is above that of others
        samples.fa         sequences that the machines dream, with free energies
      """)

  @OptionGroup var input: ScoringInput

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The hidden units of each machine, the lowest first.", valueName: "n"))
  var hidden: [Int] = [200]

  @Option(help: ArgumentHelp("Where dreams come from.", valueName: "name"))
  var dreams = Dreams.contrastive

  @Option(help: ArgumentHelp("The Gibbs steps of a dream.", valueName: "n"))
  var steps = 1

  @Option(help: ArgumentHelp("The epochs of each machine.", valueName: "n"))
  var epochs = 20

  @Option(help: ArgumentHelp("The epochs of fine-tuning.", valueName: "n"))
  var tune = 0

  @Option(
    help: ArgumentHelp("The length of the sequences, cut around their middle.", valueName: "n"))
  var length = 101

  @Option(help: ArgumentHelp("The sequences that are dreamt in the end.", valueName: "n"))
  var samples = 100

  @Option(help: ArgumentHelp("The folder of results.", valueName: "dir"))
  var output: String

  @OptionGroup var seed: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  enum Dreams: String, CaseIterable, ExpressibleByArgument {
    case contrastive, persistent, asleep
  }

  private static let chains = 100

  func validate() throws {
    try NumberRule.length.check(length)
    try NumberRule.epochs.check(epochs)
    try NumberRule.steps.check(steps)
    try NumberRule.tune.check(tune)
    try NumberRule.samples.check(samples)
    for count in hidden { try NumberRule.hidden.check(count) }
    try OutputName.checkFolder(output, option: "--output")
  }

  func run() throws {
    try input.check()
    let sequences = try sequences()
    let directory = try OutputDirectory(path: output, replacing: force.force)
    var configuration = EnergyConfiguration()
    configuration.epochs = epochs
    configuration.source =
      switch dreams {
      case .contrastive: .contrastive(steps: steps)
      case .persistent: .persistent(chains: Self.chains, steps: steps)
      case .asleep: .asleep(chains: Self.chains, steps: steps)
      }
    let pretraining = EnergyPretraining(
      configuration, hidden: hidden, tuningEpochs: tune, seed: seed.seed, threads: shared.threads)
    var progress = shared.console.progress(
      "pretrain", unit: "epochs", total: epochs * hidden.count + tune)
    var done = 0
    let held = stride(from: 9, to: sequences.count, by: 10).map { sequences[$0] }
    let learning = sequences.indices.filter { $0 % 10 != 9 }.map { sequences[$0] }
    let result = try pretraining.learned(from: learning, validation: held) { _, _ in
      done += 1
      progress.update(done)
    }
    progress.finish()
    var outputs = OutputTransaction()
    for (name, bytes) in [
      ("model.safetensors", try model(result.network).bytes),
      ("history.tsv", Array(history(result).utf8)),
      ("samples.fa", Array(dreamt(by: result.network).utf8)),
    ] {
      var file = try directory.file(named: name)
      try file.write(bytes)
      outputs.add(try file.finish())
    }
    try directory.commit(outputs)
    note(result)
  }

  private func sequences() throws -> [EncodedSequence] {
    var ledger = Ledger(source: input.path)
    var sequences: [EncodedSequence] = []
    try input.forEachRecord(label: "read", console: shared.console, windowLength: length) {
      record in
      let bases = record.bases
      let reason =
        bases.count < length ? "shorter than --length" : bases.isMostlyUnknown ? "unknown" : nil
      if let problem = record.problem ?? reason { return ledger.drop(problem) }
      let start = (bases.count - length) / 2
      sequences.append(bases[start..<start + length])
      ledger.use()
    }
    guard sequences.count >= 20 else {
      throw NothingToDoError(
        description: "\(ledger); give 20 sequences of \(length) bases or more")
    }
    shared.console.note("\(ledger)")
    return sequences
  }

  private func model(_ network: DeepBeliefNetwork) throws -> Model {
    let inputs = try [input.fasta, input.regions].compactMap(\.self).filter { $0 != "-" }.map {
      InputDigest(
        name: $0.split(separator: "/").last.map(String.init) ?? $0, sha256: try sha256(ofFile: $0))
    }
    return Model(
      ensemble: Ensemble(try network.network(taskCount: 1, seed: seed.seed)), objective: .score,
      tasks: ["code"], windowLength: length,
      provenance: Provenance(version: programVersion, seed: seed.seed, inputs: inputs),
      background: [])
  }

  private func history(_ result: EnergyPretraining.Result) -> String {
    let parts =
      result.histories.enumerated().map { ("machine\($0 + 1)", $1) } + [("tuning", result.tuning)]
    let rows = parts.flatMap { name, history in
      history.map { record in
        let gap = record.figures?["freeEnergyGap"].map { figure($0, 6) } ?? "NA"
        return "\(name)\t\(record.epoch)\t\(figure(record.trainingLoss, 6))\t"
          + "\(figure(record.validationLoss, 6))\t\(gap)\n"
      }
    }
    return "part\tepoch\ttraining_loss\tvalidation_loss\tfree_energy_gap\n" + rows.joined()
  }

  private func dreamt(by network: DeepBeliefNetwork) -> String {
    let dreamt = network.samples(samples, seed: seed.seed)
    return zip(dreamt, network.freeEnergies(dreamt)).enumerated().map { index, sample in
      ">sample\(index + 1) free_energy=\(figure(sample.1, 4))\n\(sample.0.text)\n"
    }.joined()
  }

  private func note(_ result: EnergyPretraining.Result) {
    for (index, history) in result.histories.enumerated() {
      guard let last = history.last else { continue }
      shared.console.note(
        "machine \(index + 1): \(hidden[index]) hidden units, reconstruction "
          + "\(figure(last.validationLoss, 3)) nats per held-out sequence")
    }
    if let last = result.tuning.last {
      shared.console.note(
        "fine-tuned: reconstruction \(figure(last.validationLoss, 3)) nats per held-out sequence")
    }
  }
}
