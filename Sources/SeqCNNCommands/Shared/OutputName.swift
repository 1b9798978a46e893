internal import ArgumentParser
internal import Genomics
internal import GenomicsIO

/// What the name of an output may end in: a name that promises another format, or a compression that can't
/// be written, is refused. Endings count in letters of either case.
struct OutputName {
  /// The endings of the format, without the one of a compression.
  let endings: [String]
  /// Whether `.gz` or `.bgz` may follow.
  let isCompressible: Bool
  /// Whether the name has to have one of the endings, since the format follows from it.
  let isStrict: Bool

  static let sites = OutputName(["bed", "tsv", "txt"])
  /// Sites whose format follows from the ending.
  static let scannedSites = OutputName(["bed", "narrowpeak", "bed9", "tsv", "txt"])
  static let bedGraph = OutputName(["bedgraph", "bg", "bdg", "txt"])
  static let bigWig = OutputName(["bw", "bigwig"], isCompressible: false)
  static let sequences = OutputName(["fa", "fasta", "fna", "txt"])
  static let table = OutputName(["tsv", "txt", "tab"])
  static let motifs = OutputName(["meme", "txt"])
  static let convertedMotifs = OutputName([
    "meme", "jaspar", "transfac", "pfm", "pwm", "motif", "cb", "dat", "txt",
  ])
  static let model = OutputName(["safetensors"], isCompressible: false)
  static let report = OutputName(["html"], isCompressible: false)
  static let variants = OutputName(["vcf", "tsv"], isStrict: true)

  private init(_ endings: [String], isCompressible: Bool = true, isStrict: Bool = false) {
    (self.endings, self.isCompressible, self.isStrict) = (endings, isCompressible, isStrict)
  }

  private static let written = ["gz", "bgz"]
  private static let compressions: Set<String> = [
    "gz", "bgz", "bz2", "xz", "lzma", "zst", "zstd", "zip", "7z", "rar", "tar", "tgz", "lz4", "br",
    "z",
    "gzip", "gzi",
  ]
  private static let formats: Set<String> = [
    "bam", "bb", "bcf", "bdg", "bed", "bed9", "bedgraph", "bg", "bigbed", "bigwig", "bw", "cram",
    "csv",
    "fa",
    "fai",
    "fasta", "fastq", "fna", "fq", "gff", "gtf", "h5", "hdf5", "html", "jaspar", "json", "meme",
    "narrowpeak", "broadpeak", "npy", "npz", "onnx", "parquet", "pdf", "pfm", "pkl", "png", "pt",
    "pth",
    "safetensors", "sam", "svg", "tab", "tbi", "transfac", "tsv", "txt", "vcf", "wig", "xls",
    "xlsx", "xml",
  ]

  /// - Parameter option: The option that gives the name, for the message.
  /// - Throws: `ValidationError`.
  func check(_ path: String, option: String) throws {
    guard !Self.isPipeOrDevice(path) else { return }
    var parts = Self.endings(of: path)
    let compression = parts.last.flatMap { Self.compressions.contains($0) ? $0 : nil }
    if compression != nil { parts.removeLast() }
    let isWritable = compression.map { isCompressible && Self.written.contains($0) } ?? true
    let ending = parts.last ?? ""
    // BCF is compressed in itself.
    let isBCF = isStrict && ending == "bcf" && compression == nil
    let isOurs = isBCF || endings.contains(ending)
    let isFree = !isStrict && !Self.formats.contains(ending)
    guard isWritable, isOurs || isFree else {
      throw ValidationError("\(option) is \(path.quoted); take a name that ends in \(list)")
    }
  }

  /// Refuses the name of a file where a folder is made.
  ///
  /// - Throws: `ValidationError`.
  static func checkFolder(_ path: String, option: String) throws {
    guard path != "-" else {
      throw ValidationError(
        "\(option) is \"-\", but several files are made; name a folder for them")
    }
    guard let last = endings(of: path).last, formats.contains(last) || compressions.contains(last)
    else { return }
    throw ValidationError(
      "\(option) is \(path.quoted), the name of a file; name the folder that the files go to")
  }

  private var list: String {
    let names = endings.map { ".\($0)" } + (isStrict ? [".bcf"] : [])
    guard isCompressible else { return names.joined(separator: " or ") }
    let compressed = endings.map { ".\($0).gz" }
    return (names + compressed).joined(separator: ", ") + ", or - for standard output"
  }

  /// The endings of a path's last component, in lower case.
  private static func endings(of path: String) -> [String] {
    splitPath(path).name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
      .dropFirst().map(String.init)
  }

  private static func isPipeOrDevice(_ path: String) -> Bool {
    path == "-" || path.hasPrefix("/dev/") || isPipe(path)
  }
}
