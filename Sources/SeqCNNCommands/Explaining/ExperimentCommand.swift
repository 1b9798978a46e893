internal import ArgumentParser

struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Find what a motif does to a model: planted, next to another, removed.",
    discussion: """
      EXAMPLES
        seqcnn experiment marginalize --model ctcf/model.safetensors \\
          --motifs JASPAR.meme --output effects.tsv
        seqcnn experiment space --model ets/model.safetensors \\
          --motifs JASPAR.meme --first ETS1 --second Runx1 --output spacing
        seqcnn experiment ablate --model ctcf/model.safetensors \\
          --regions peaks.bed --genome hg38.fa.gz --hits hits.bed \\
          --output ablated.tsv
      """,
    subcommands: [
      ExperimentMarginalizeCommand.self, ExperimentSpaceCommand.self,
      ExperimentAblateCommand.self,
    ])
}
