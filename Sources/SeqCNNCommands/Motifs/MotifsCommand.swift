internal import ArgumentParser

struct MotifsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "motifs",
    abstract: "Work with motifs: those that a network learned, and others.",
    discussion: """
      EXAMPLES
        seqcnn motifs discover --model ctcf/model.safetensors --fasta bound.fa \\
          --database JASPAR.meme --output motifs
        seqcnn motifs export --model ctcf/model.safetensors --positives bound.fa \\
          --output motifs.meme
        seqcnn motifs query CTCF --model ctcf/model.safetensors --fasta bound.fa
        seqcnn motifs scan --motifs JASPAR.meme --genome hg38.fa.gz \\
          --output hits.bed.gz
        seqcnn motifs couple --motifs JASPAR.meme --motif CTCF --fasta bound.fa \\
          --output ctcf
        seqcnn motifs compare motifs.meme --against JASPAR.meme --output -
        seqcnn motifs enrich --motifs JASPAR.meme --fasta bound.fa --output -
        seqcnn motifs convert motifs.meme --to homer --output motifs.motif
        seqcnn motifs logo motifs.meme --output logos
        seqcnn motifs cluster run1/motifs.meme run2/motifs.meme --output clusters
      """,
    subcommands: [
      MotifsDiscoverCommand.self, MotifsHitsCommand.self, MotifsQueryCommand.self,
      MotifsExportCommand.self, MotifsScanCommand.self, MotifsCoupleCommand.self,
      MotifsCompareCommand.self,
      MotifsClusterCommand.self, MotifsConvertCommand.self,
      MotifsLogoCommand.self, MotifsEnrichCommand.self,
    ])
}
