internal import ArgumentParser

struct TuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for the best recipe, then train by it.",
    discussion: """
      EXAMPLES
        seqcnn tune --peaks CTCF.narrowPeak.gz --genome hg38.fa.gz --output ctcf
        seqcnn tune --positives bound.fa --trials 60 --output model
        seqcnn tune --table GABPA_AC.seq.gz --preset deepbind --output gabpa
        seqcnn tune --positives bound.fa --config net.json --space space.json \\
          --output model
        seqcnn train --table GABPA_AC.seq.gz --config gabpa/recipe.json \\
          --output again

      Draws networks and ways to train them at random; the first trial is the
      recipe as it is. Every trial is trained briefly and cross-validated on the
      training examples; the best third goes on to a training three times as long,
      and so on. The winner is trained from several starts, the best ones on the
      validation examples are kept, and the model is made of them as `train` makes
      it. The test examples are seen by none of that: they measure the result.

      The folder receives what `train` writes, and trials.tsv (a row a trial),
      starts.tsv (the final trainings) and recipe.json, with which `train --config`
      makes the same model again.
      """)

  @Option(help: ArgumentHelp("Draws from the search space.", valueName: "n"))
  var trials = 30

  @Option(help: ArgumentHelp("Parts for cross-validation.", valueName: "n"))
  var folds = 3

  @Option(
    help: ArgumentHelp(
      """
      What to search: paths of the recipe with ranges or choices; docs/formats.md has the layout. \
      Unless given, the sizes of all layers, rates of dropout, and how it is trained.
      """, valueName: "json"))
  var space: String?

  @OptionGroup var options: TrainingOptions

  func validate() throws {
    try NumberRule.trials.check(trials)
    try NumberRule.folds.check(folds)
    if !options.start.paths.isEmpty {
      throw ValidationError("tune searches for a network; --from and --filters go with train")
    }
  }

  func run() throws {
    try options.run(tuning: Tuning(trials: trials, folds: folds, spaceFile: space))
  }
}
