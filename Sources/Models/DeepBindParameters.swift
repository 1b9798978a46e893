public import Genomics
internal import GenomicsIO
internal import Layers
internal import Networks
internal import Tensors

/// A published DeepBind model: what its parameter file holds.
///
/// The file is text. Behind the line `# deepbind 0.1` each line is `KEY = VALUE` or, for a list,
/// `KEY = VALUE,VALUE,…`, in a fixed order (Alipanahi et al. 2015, the program that goes with the
/// models).
public struct DeepBindParameters: Equatable, Sendable {
  /// Whether both strands are scored, of which the larger score counts; models of proteins that bind
  /// RNA score the one that is given.
  public let readsBothStrands: Bool
  public let detectorCount: Int
  public let detectorLength: Int
  /// Whether there are means beside the maxima.
  public let hasMeans: Bool
  /// The number of hidden units; 0 for no hidden layer.
  public let hiddenCount: Int
  /// `[detectorLength][channel][detector]`
  let detectors: [Float]
  let thresholds: [Float]
  /// `[feature][hidden]`, or `[feature]`; each detector's maximum, and its mean behind it.
  let weights1: [Float]
  let biases1: [Float]
  /// Empty without a hidden layer.
  let weights2: [Float]
  let biases2: [Float]

  /// - Throws: `InputError<DeepBindProblem>`.
  public init(bytes: [UInt8], file: String) throws {
    var lines = ParameterLines(bytes: bytes, file: file)
    try lines.readVersion()
    readsBothStrands = try lines.integer("reverse_complement", in: 0...1) == 1
    detectorCount = try lines.integer("num_detectors", in: 1...65536)
    detectorLength = try lines.integer("detector_len", in: 1...1024)
    hasMeans = try lines.integer("has_avg_pooling", in: 0...1) == 1
    hiddenCount = try lines.integer("num_hidden", in: 0...65536)
    let features = detectorCount * (hasMeans ? 2 : 1)
    let units = max(1, hiddenCount)
    detectors = try lines.numbers("detectors", count: detectorLength * 4 * detectorCount)
    thresholds = try lines.numbers("thresholds", count: detectorCount)
    weights1 = try lines.numbers("weights1", count: features * units)
    biases1 = try lines.numbers("biases1", count: units)
    weights2 = try lines.numbers("weights2", count: hiddenCount)
    biases2 = try lines.numbers("biases2", count: hiddenCount > 0 ? 1 : 0)
    try lines.readEnd()
  }
}

extension DeepBindParameters {
  /// The model, which scores as DeepBind's program does: the largest score of the windows of one and a
  /// half detector lengths, each between unknown bases that let a detector reach past its ends.
  public func model(task: String, provenance: Provenance) -> Model {
    let windowLength = detectorLength * 3 / 2
    let configuration = NetworkConfiguration(
      layers: [
        .convolution(filters: detectorCount, width: detectorLength), .rectifier,
        .globalPooling(hasMeans ? .maxAndMean : .max),
      ] + (hiddenCount > 0 ? [.dense(units: hiddenCount), .rectifier] : []),
      strands: readsBothStrands ? .max : .forward, padding: detectorLength - 1,
      windows: WindowRule(length: windowLength))
    guard var network = try? Network(configuration, taskCount: 1, seed: 0) else {
      preconditionFailure("a configuration in range that makes no network")
    }
    let features = detectorCount * (hasMeans ? 2 : 1)
    let units = max(1, hiddenCount)
    let hidden =
      hiddenCount > 0
      ? [
        Tensor(shape: [hiddenCount, 1], scalars: weights2), Tensor(shape: [1], scalars: biases2),
      ] : []
    network.parameters =
      [
        Tensor(shape: [detectorLength, 4, detectorCount], scalars: detectors),
        Tensor(shape: [detectorCount], scalars: thresholds),
        Tensor(shape: [features, units], scalars: weightsOfMaximaFirst(units: units)),
        Tensor(shape: [units], scalars: biases1),
      ] + hidden
    return Model(
      ensemble: Ensemble(network), objective: .score, tasks: [task], windowLength: windowLength,
      provenance: provenance, background: [])
  }

  /// `weights1` with the rows of all maxima before those of the means.
  private func weightsOfMaximaFirst(units: Int) -> [Float] {
    guard hasMeans else { return weights1 }
    var rows: [Float] = []
    for kind in 0..<2 {
      for detector in 0..<detectorCount {
        let first = (2 * detector + kind) * units
        rows += weights1[first..<first + units]
      }
    }
    return rows
  }
}

/// What can be wrong with a DeepBind parameter file.
public enum DeepBindProblem: InputProblem {
  case notDeepBind
  case version(String)
  case ended(before: String)
  case key(expected: String, found: String)
  case outOfRange(key: String, text: String, range: ClosedRange<Int>)
  case wrongCount(key: String, count: Int, needed: Int)
  case badNumber(key: String, position: Int, text: String)
  case surplus(String)

  public var description: String {
    switch self {
    case .notDeepBind:
      "the first line isn't \"# deepbind 0.1\"; give a parameter file of DeepBind, such as "
        + "D00328.003.txt"
    case .version(let text):
      "the file is of version \(text.quoted) and this program reads 0.1; "
        + "give one of the published files"
    case .ended(let key): "the file ends before \(key); it is cut off, copy it again"
    case .key(let expected, let found):
      "the line is \(found.quoted), \(expected) = is due; the file is damaged, copy it again"
    case .outOfRange(let key, let text, let range):
      "\(key) is \(text.quoted); a whole number from \(range.lowerBound) to \(range.upperBound) is due"
    case .wrongCount(let key, let count, let needed):
      "\(key) holds \(count) number(s), the lines before it call for \(needed); "
        + "the file is damaged, copy it again"
    case .badNumber(let key, let position, let text):
      "number \(position) of \(key) is \(text.quoted), which isn't finite or no number; "
        + "the file is damaged, copy it again"
    case .surplus(let text):
      "\(text.quoted) stands behind the last parameter; delete the line"
    }
  }
}

/// The lines of a parameter file, taken one by one.
private struct ParameterLines {
  private let file: String
  private let lines: [Substring]
  /// The number of lines taken.
  private var lineNumber = 0

  init(bytes: [UInt8], file: String) {
    self.file = file
    lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }

  private func refuse(_ problem: DeepBindProblem) -> InputError<DeepBindProblem> {
    InputError(file: file, line: lineNumber, problem)
  }

  mutating func readVersion() throws {
    lineNumber = 1
    guard let line = lines.first, line.hasPrefix("# deepbind ") else { throw refuse(.notDeepBind) }
    let version = trimmed(line.dropFirst("# deepbind ".count))
    guard version == "0.1" else { throw refuse(.version(String(version))) }
  }

  mutating func readEnd() throws {
    for line in lines[lineNumber...] {
      lineNumber += 1
      guard trimmed(line).isEmpty else { throw refuse(.surplus(String(line))) }
    }
  }

  mutating func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int {
    let text = try value(of: key)
    guard let number = Int(text), range.contains(number) else {
      throw refuse(.outOfRange(key: key, text: String(text), range: range))
    }
    return number
  }

  mutating func numbers(_ key: String, count: Int) throws -> [Float] {
    let text = try value(of: key)
    let fields = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == count else {
      throw refuse(.wrongCount(key: key, count: fields.count, needed: count))
    }
    return try fields.enumerated().map { index, field in
      guard let number = Float(trimmed(field)), number.isFinite else {
        throw refuse(.badNumber(key: key, position: index + 1, text: String(field)))
      }
      return number
    }
  }

  /// What stands behind the `=` of the next line.
  private mutating func value(of key: String) throws -> Substring {
    guard lineNumber < lines.count, lineNumber < lines.count - 1 || !lines[lineNumber].isEmpty
    else {
      throw refuse(.ended(before: key))
    }
    let line = lines[lineNumber]
    lineNumber += 1
    guard let equals = line.firstIndex(of: "="), trimmed(line[..<equals]) == key else {
      throw refuse(.key(expected: key, found: String(line)))
    }
    return trimmed(line[line.index(after: equals)...])
  }
}

/// The text without the blanks around it.
private func trimmed(_ text: Substring) -> Substring {
  var text = text.drop { $0 == " " || $0 == "\t" }
  while text.last == " " || text.last == "\t" { text.removeLast() }
  return text
}
