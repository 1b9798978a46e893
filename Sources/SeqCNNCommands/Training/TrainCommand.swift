internal import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn what sequence a protein binds.",
    discussion: """
      EXAMPLES
        seqcnn train --peaks CTCF.narrowPeak.gz --genome hg38.fa.gz --output ctcf
        seqcnn train --positives bound.fa --output model
        seqcnn train --positives bound.fa --genome hg38.fa.gz --output model
        seqcnn train --table GABPA_AC.seq.gz --output gabpa --seed 7
        seqcnn train --table pbm.tsv --labels intensity --objective regression \\
          --output pbm
        seqcnn train --peaks CTCF=a.narrowPeak MAX=b.narrowPeak \\
          --genome hg38.fa.gz --test chr8,chr21 --validation chr7 --output two

      The folder receives model.safetensors, metrics.json (held-out figures),
      history.tsv (the losses, also while it trains), predictions.tsv (of the
      held-out examples), run.json, state.safetensors (to go on with more --epochs by
      --resume), report.html with its figures' numbers in report.tsv, and the motifs
      that the model uses: motifs.meme, named and ranked by what held-out figures
      lose without each, motifs.tsv with the figures, motifs.npz with contributions.
      The model is three networks and a gapped k-mer model, joined; --preset deepbind
      trains DeepBind's one network. With --genome it learns against random windows
      of the genome (the preset sites), and knows from the part of the genome that is
      held out how often a site of a scan lies in a peak; --positives are found in
      the genome base for base, and then are peaks. A fifth of the examples is held
      out to measure with, and a tenth to join and calibrate with: whole chromosomes
      where there are coordinates, else at random with near-duplicates kept together.
      The members learn from the tenth too in the end. What overlaps or nearly equals
      a held-out example isn't trained on. A column `split` of a table goes before
      all of that; where it names no validation, a tenth of its training rows is.

      Labels of 0 and 1 make a classification, other numbers a regression; labels
      that could be either are refused until --objective says which.
      """)

  @OptionGroup var options: TrainingOptions

  func run() throws { try options.run() }
}
