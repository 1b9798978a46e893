internal import GenomicsIO

extension MotifDatabase {
  /// JASPAR 2026's motifs of vertebrates, which come with the program (`motifs/README.md`).
  public static let builtIn: MotifDatabase = {
    let name = "JASPAR 2026"
    do {
      return MotifDatabase(
        name: name, motifs: try MotifFile(builtInMotifText(), file: name).motifs)
    } catch {
      preconditionFailure("the built-in motifs can't be read: \(error)")
    }
  }()
}
