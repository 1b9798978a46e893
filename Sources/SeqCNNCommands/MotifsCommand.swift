internal import ArgumentParser

struct MotifsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motifs",
    abstract: "Work with the motifs that a network learned.",
    discussion: """
      EXAMPLES
        seqcnn motifs export --model ctcf/model.safetensors --positives bound.fa \\
          --output motifs.meme
      """,
    subcommands: [MotifsExportCommand.self])
}
