internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Inference
internal import Models
internal import Motifs
internal import Reports

struct ExperimentSpaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "space",
    abstract: "Plant two motifs at every distance: do they cooperate?",
    discussion: """
      EXAMPLES
        seqcnn experiment space --model ets/model.safetensors --motifs JASPAR.meme \\
          --first ETS1 --second Runx1 --output spacing
        seqcnn experiment space --model ets/model.safetensors --motifs JASPAR.meme \\
          --first ETS1 --second ETS1 --largest-gap 20 --output spacing

      The second motif stands behind the first one, with so many bases between them,
      both on either strand, in the middle of each background. The folder holds
        spacing.tsv   task orientation gap both bothError interaction
                      interactionError
        spacing.svg   the interaction by gap, a curve an orientation
        both.svg      the effect of both sites, drawn likewise; of several tasks
                      spacing1.svg, both1.svg and so on
      both is the mean difference of the output with both sites and without: a
      difference of logits for classification. interaction is what is left of it
      without the effects of each site alone in its place: 0 if they add up, above 0
      if they cooperate. Errors are standard errors of the means.
      """)

  @Option(help: ArgumentHelp("The model file.", valueName: "safetensors"))
  var model: String

  @Option(help: ArgumentHelp("The motifs, of any format that is read.", valueName: "file"))
  var motifs: String

  @Option(help: ArgumentHelp("The first motif, by either of its names.", valueName: "name"))
  var first: String

  @Option(help: ArgumentHelp("The second motif, by either of its names.", valueName: "name"))
  var second: String

  @Option(
    help: ArgumentHelp(
      "The most bases between the sites; as many as fit, 50 at most, unless given.",
      valueName: "bases"))
  var largestGap: Int?

  @OptionGroup var backgrounds: BackgroundOptions

  @OptionGroup var folder: FolderOption

  @OptionGroup var seed: SeedOption
  @OptionGroup var shared: SharedOptions

  private static let usualGap = 50

  func validate() throws {
    try NumberRule.largestGap.check(largestGap)
  }

  func run() throws {
    try backgrounds.check()
    let model = try shared.console.model(path: model, of: [.dna, .rna])
    let file = try MotifFile(path: motifs)
    let sites = try [first, second].map {
      PlantedSite(
        consensusOf: shared.console.chosen(try file.motifs(named: [$0]), named: $0))
    }
    let directory = try folder.directory()
    let experiment = PlantingExperiment(
      model,
      backgrounds: try backgrounds.sequences(
        for: model, seed: seed.seed, console: shared.console), threads: shared.threads)
    let effects = experiment.spacing(
      of: sites[0], and: sites[1], gaps: 0...(try gap(for: sites, in: experiment)))
    var outputs = OutputTransaction()
    for stem in ["spacing", "both"] {
      try directory.replaceNumbered(stem, ending: ".svg", in: &outputs)
    }
    var table = try directory.file(named: "spacing.tsv")
    try table.write(
      "task\torientation\tgap\tboth\tbothError\tinteraction\tinteractionError\n")
    for (task, name) in model.tasks.enumerated() {
      for effect in effects[task] { try table.write(line(effect, task: name)) }
      let number = model.tasks.count > 1 ? "\(task + 1)" : ""
      let title = "\(name): \(first) and \(second)"
      for (file, label, value) in [
        ("spacing", "Interaction", \SpacingEffect.interaction), ("both", "Effect of both", \.both),
      ] {
        var plot = try directory.file(named: "\(file)\(number).svg")
        try plot.write(
          curves(of: value, in: effects[task], title: title, label: label).svg())
        outputs.add(try plot.finish())
      }
    }
    outputs.add(try table.finish())
    try directory.commit(outputs)
  }

  private func gap(for sites: [PlantedSite], in experiment: PlantingExperiment) throws -> Int {
    let room = experiment.largestGap(between: sites[0], and: sites[1])
    guard room >= 0 else {
      throw ValidationError(
        "the motifs are \(sites[0].width) and \(sites[1].width) bases wide and don't fit into the model's windows of "
          + "\(experiment.length); take narrower ones")
    }
    guard let largestGap else { return min(room, Self.usualGap) }
    guard largestGap <= room else {
      throw ValidationError(
        "--largest-gap is \(largestGap); take 0 to \(room), as the model's windows have \(experiment.length) bases"
      )
    }
    return largestGap
  }

  private func line(_ effect: SpacingEffect, task: String) -> String {
    let fields =
      [task.tableField, effect.orientation.rawValue, "\(effect.gap)"]
      + effect.both.fields + effect.interaction.fields
    return fields.joined(separator: "\t") + "\n"
  }

  private func curves(
    of value: KeyPath<SpacingEffect, MeanEffect>, in effects: [SpacingEffect], title: String,
    label: String
  ) -> LinePlot {
    var plot = LinePlot(
      title: title, xLabel: "Bases between the sites", yLabel: label,
      curves: SiteOrientation.allCases.map { orientation in
        Curve(
          orientation.rawValue,
          points: effects.filter { $0.orientation == orientation }.map {
            (Double($0.gap), $0[keyPath: value].mean)
          })
      })
    plot.yRange = 0...0
    return plot
  }
}
