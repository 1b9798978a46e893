public import ArgumentParser
internal import Datasets
internal import Genomics
internal import GenomicsIO
public import Models
internal import Tensors
public import Training

struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Learn from sequence alone, without labels.",
    discussion: """
      EXAMPLES
        seqcnn pretrain --method vae --positives peaks.fa --output vae
        seqcnn pretrain --method autoencoder --peaks CTCF.narrowPeak.gz \\
          --genome hg38.fa.gz --output autoencoder
        seqcnn pretrain --method language --genome chr20.fa.gz --output language
        seqcnn pretrain --method gan --game wasserstein --positives peaks.fa \\
          --output gan
        seqcnn pretrain --method gan --language language/model.safetensors \\
          --positives peaks.fa --output gan
        seqcnn pretrain --method dbn --hidden 200 100 --positives peaks.fa \\
          --output dbn

      autoencoder  squeezes a sequence into few numbers, and reads it back
      vae          the same with numbers that are nearly normally distributed, so
                   that `seqcnn sample` can draw new ones
      language     the chances of the next base by the bases before it: a Markov
                   model, and layers that read further back
      gan          a generator that learns to deceive a critic; a language model may
                   be the generator (--language)
      rbm          a restricted Boltzmann machine: hidden units that are coupled
                   with the bases (--hidden)
      dbn          a deep belief network: such machines on top of each other, then
                   unrolled into an autoencoder and fine-tuned for --tune epochs
      helmholtz    hidden units that make sequences, with other weights to guess the
                   units of a sequence, learned by wake and sleep

      Boltzmann machines compare the data with --dreams: `contrastive` ones start at
      the data, `persistent` ones go on from step to step of the learning, and those
      of `asleep` start anew, hot, and cool.

      The folder receives model.safetensors, history.tsv, metrics.json (figures of
      held-out sequences, beside those of simpler models) and run.json. Sequences are
      held out as by `train`; of a genome alone, which --method language takes,
      stretches of 1,048,576 bases are: every tenth to measure with, every twentieth
      to validate.

      `seqcnn train --from model.safetensors` starts a supervised model with the
      encoder, `seqcnn sample` writes sequences, `seqcnn likelihood` scores sequences
      and variants, and `seqcnn judge` says how real samples look.
      """)

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case autoencoder, vae, language, gan, rbm, dbn, helmholtz

    var isOfMachines: Bool { self == .rbm || self == .dbn || self == .helmholtz }
  }

  enum Layers: String, ExpressibleByArgument, CaseIterable {
    case dilated, lstm
  }

  @Option(
    help: ArgumentHelp(
      "What to learn.", valueName: "autoencoder|vae|language|gan|rbm|dbn|helmholtz"))
  var method: Method

  @OptionGroup(title: "Input") var input: InputOptions

  @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Changes to the recipe: an object with model, training or method; docs/formats.md has the keys.",
      valueName: "json"))
  var config: String?

  @Option(
    help: ArgumentHelp(
      "The length of the sequences, of those around peaks 101 and else the median unless given.",
      valueName: "bases"))
  var length: Int?

  @Option(
    help: ArgumentHelp("Passes over the training data at most, of each machine.", valueName: "n"))
  var epochs: Int?

  @Option(
    help: ArgumentHelp("The numbers that a sequence is made of, 64 unless given.", valueName: "n"))
  var latent: Int?

  @Option(
    help: ArgumentHelp(
      "The filters of the convolutions or the units of the LSTM, 64 unless given.", valueName: "n"))
  var filters: Int?

  @Option(
    help: ArgumentHelp(
      """
      The order of the Markov model in a language model, or none: unless given the largest up to 11 whose words, with the \
      base behind them, are no more than a third of the bases.
      """, valueName: "k"))
  var order: String?

  @Option(help: ArgumentHelp("The layers of a language model.", valueName: "dilated|lstm"))
  var layers = Layers.dilated

  @Option(help: ArgumentHelp("What the critic of a gan tells.", valueName: "binary|wasserstein"))
  var game = AdversarialGame.binary

  @Option(
    help: ArgumentHelp(
      """
      The generator that a gan starts with: the model of `--method language`, which writes a base by those before it. \
      Otherwise the generator makes all bases of random numbers at once.
      """, valueName: "safetensors"))
  var language: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "The hidden units of a machine, of several layers the lowest first: 200 100 unless given, and 200 of an rbm.",
      valueName: "n"))
  var hidden: [Int] = []

  @Option(
    help: ArgumentHelp(
      "Where the dreams of machines come from, contrastive unless given.",
      valueName: "contrastive|persistent|asleep"))
  var dreams: MethodSettings.Dreams?

  @Option(
    help: ArgumentHelp(
      "The epochs of fine-tuning machines, 20 of a dbn and 0 of an rbm unless given.",
      valueName: "n"))
  var tune: Int?

  @Flag(help: "Go on with a run that was interrupted, and end with the same bytes.")
  var resume = false

  @OptionGroup(title: "Held-out data") var splits: SplitOptions
  @OptionGroup var seedOption: SeedOption
  @OptionGroup var force: ForceOption
  @OptionGroup var shared: SharedOptions

  /// Whether the sequences are those of a genome, not windows of it.
  var readsGenome: Bool {
    input.genome != nil && input.peaks.isEmpty && input.positives == nil && input.table == nil
  }

  /// The order that is asked for; `nil` for none.
  func markovOrder(bases: Int) throws -> Int? {
    if order == "none" { return nil }
    if let order {
      guard let number = Int(order), MarkovModel.orders.contains(number) else {
        throw ValidationError("--order is \(order.quoted); take 0 to 12, or none")
      }
      return number
    }
    return (0...11).last { bases / 3 >= 1 << (2 * ($0 + 1)) } ?? 0
  }

  func validate() throws {
    try NumberRule.length.check(length)
    try NumberRule.epochs.check(epochs)
    try NumberRule.latent.check(latent)
    try NumberRule.filters.check(filters)
    try NumberRule.tune.check(tune)
    for count in hidden { try NumberRule.hidden.check(count) }
    _ = try markovOrder(bases: 0)
    if resume, force.force {
      throw ValidationError("--resume goes on and --force starts anew; give one of them")
    }
    if input.source.paths.contains("-") {
      throw ValidationError("the input is read twice; give a file instead of -")
    }
    guard !readsGenome || method == .language else {
      throw ValidationError(
        "--genome alone is for --method language; give --peaks too, or sequences as --positives")
    }
    try checkMethod()
  }

  /// Refuses options of other methods.
  private func checkMethod() throws {
    if method != .language, order != nil || layers != .dilated {
      throw ValidationError("--order and --layers go with --method language")
    }
    if latent != nil, method == .language || method.isOfMachines {
      throw ValidationError("--latent goes with --method autoencoder, vae or gan")
    }
    if filters != nil, method.isOfMachines {
      throw ValidationError("--filters goes with the other methods; give --hidden")
    }
    if method != .gan, game != .binary || language != nil {
      throw ValidationError("--game and --language go with --method gan")
    }
    if language != nil, latent != nil {
      throw ValidationError("a language model has no --latent numbers; leave it out")
    }
    if !method.isOfMachines, !hidden.isEmpty {
      throw ValidationError("--hidden goes with --method rbm, dbn or helmholtz")
    }
    if method != .rbm, method != .dbn, dreams != nil || tune != nil {
      throw ValidationError("--dreams and --tune go with --method rbm or dbn")
    }
    if method == .rbm, hidden.count > 1 {
      throw ValidationError(
        "--method rbm has one machine; give one number of --hidden, or take dbn")
    }
  }

  func run() throws {
    if !readsGenome { try input.check() }
    try loadMatrixLibrary()
    var run = try PretrainingRun(self)
    try run.run()
  }
}

extension AdversarialGame: ExpressibleByArgument {}
extension MethodSettings.Dreams: ExpressibleByArgument {}
