internal import FoundationEssentials
public import Genomics
internal import GenomicsIO

/// What can be wrong with a file of a coupled motif.
public enum CoupledMotifProblem: InputProblem {
  case notJSON
  case otherFormat(String)
  case shape

  public var description: String {
    switch self {
    case .notJSON: "is no coupled motif; give a file that `motifs couple` wrote"
    case .otherFormat(let format):
      "has the format \(format.quoted), not \(CoupledMotif.format.quoted); update seqcnn, or fit the motif again"
    case .shape:
      "the numbers don't make a coupled motif: 4 fields per position, 16 couplings per pair, all finite; fit the "
        + "motif again"
    }
  }
}

extension CoupledMotif {
  static let format = "seqcnn-coupled-motif/1"
  private static let largestSize = 1 << 28

  /// The contents of a file.
  private struct Contents: Codable {
    let format: String
    let name: String
    let width: Int
    let siteCount: Int
    let background: [Double]
    let logPartition: Double
    /// A row of A, C, G and T for each position.
    let fields: [[Double]]
    /// 16 numbers for each pair of positions.
    let couplings: [[Double]]
  }

  /// The contents of its file: JSON.
  public var fileText: String {
    get throws {
      let numbers = pairs
      let contents = Contents(
        format: Self.format, name: name, width: width, siteCount: siteCount,
        background: (0..<4).map { background.frequencies[$0] }, logPartition: logPartition,
        fields: fields.map { field in (0..<4).map { field[$0] } },
        couplings: stride(from: 0, to: numbers.count, by: 16).map {
          Array(numbers[$0..<$0 + 16])
        })
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(contents), as: UTF8.self) + "\n"
    }
  }

  /// Reads a file.
  ///
  /// - Throws: `InputError<CoupledMotifProblem>`; what reading the file throws.
  public init(path: String) throws {
    let bytes = try readBytes(path, limit: Self.largestSize)
    func refuse(_ problem: CoupledMotifProblem) -> InputError<CoupledMotifProblem> {
      InputError(file: path, problem)
    }
    guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)) else {
      throw refuse(.notJSON)
    }
    guard contents.format == Self.format else { throw refuse(.otherFormat(contents.format)) }
    let (width, numbers) = (contents.width, contents.fields + contents.couplings)
    guard width > 0, contents.fields.count == width,
      contents.couplings.count == width * (width - 1) / 2,
      contents.fields.allSatisfy({ $0.count == 4 }),
      contents.couplings.allSatisfy({ $0.count == 16 }),
      numbers.joined().allSatisfy(\.isFinite), contents.logPartition.isFinite,
      contents.siteCount >= 0, contents.background.count == 4,
      let background = Background(SIMD4(contents.background))
    else { throw refuse(.shape) }
    self.init(
      name: contents.name, fields: contents.fields.map { SIMD4($0) },
      pairs: Array(contents.couplings.joined()), logPartition: contents.logPartition,
      siteCount: contents.siteCount, background: background)
  }
}
