import Datasets
import Genomics
import GenomicsIO
import TestSupport

/// Peaks every 2,700 bases of a toy genome, those of some sequences.
func regularPeaks(
  on names: [String], of genome: ToyGenome, in folder: borrowing TemporaryFolder, file: String
) throws -> LoadedDataset {
  let fasta = genome.names.map { ">\($0)\n\(genome.sequences[$0]!.text)\n" }.joined()
  let path = folder.write(fasta, to: "g.fa")
  var random = RandomStream(seed: 3, .background)
  let lines = names.flatMap { name in
    stride(from: 1000, to: genome.length(of: name)! - 1000, by: 2700).map { start in
      let start = start + random.next(below: 300)
      return "\(name)\t\(start)\t\(start + 150)\n"
    }
  }
  return try DatasetInput.peaks(
    [PeakFile(task: "t", path: folder.write(lines.joined(), to: file))], genome: path
  ).load(length: 101)
}
