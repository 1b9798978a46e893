import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  private static let corpus = "corpora/safetensors-bad"

  /// What PyPI safetensors 0.8.0 accepts and is refused here, and why.
  private static let refused = [
    "bad_leading_space.safetensors",  // the format says that the header begins with a brace
    "bad_duplicate_key.safetensors",  // programs differ in which of the two they take
  ]

  static var verdicts: [(file: String, isAccepted: Bool)] {
    guard SharedData.isPresent,
      let text = try? String(
        contentsOfFile: SharedData.path(corpus + "/EXPECTED.tsv"), encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t")
      let file = String(fields[0])
      return (file, fields[2].hasPrefix("accept") && !refused.contains(file))
    }
  }

  /// As PyPI safetensors 0.8.0 judges them.
  @Test(arguments: verdicts) func judgesHardFiles(file: String, isAccepted: Bool) throws {
    let path = SharedData.path(Self.corpus + "/" + file)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    guard isAccepted else {
      #expect(throws: InputError<SafetensorsProblem>.self) {
        try Safetensors(bytes: bytes, file: file)
      }
      return
    }
    let contents = try Safetensors(bytes: bytes, file: file)
    let again = try Safetensors(bytes: contents.bytes, file: file)
    #expect(again.tensors.map(\.name) == contents.tensors.map(\.name))
    #expect(again.weightBytes == contents.weightBytes)
    #expect(again.metadata == contents.metadata)
  }

  private func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) } + Array(header.utf8)
      + data
  }

  static let problems: [(header: String, dataBytes: Int, problem: SafetensorsProblem)] = [
    ("", 0, .headerNotJSON), ("", 9, .headerNotJSON), ("[]", 0, .headerNotJSON),
    ("{}", 4, .notCovered(dataBytes: 4, coveredBytes: 0)),
    (
      #"{"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, 4,
      .tensor(name: "w", what: #"of type "F16" instead of F32"#)
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
      .tensor(name: "w", what: "4 bytes for a shape of [2]")
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8,
      .tensor(name: "w", what: "its data doesn't begin where the one before ends")
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4,
      .tensor(name: "w", what: "its data ends past the file")
    ),
    (
      #"{"w":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, 4,
      .tensor(name: "w", what: "a shape of [-1, -1]")
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"shape":[1]}}"#, 4, .ambiguousKeys
    ),
    (
      #"{"__metadata__":{"a":"1","a":"2"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      4, .ambiguousKeys
    ),
  ]

  @Test(arguments: problems)
  func saysWhatIsWrong(header: String, dataBytes: Int, problem: SafetensorsProblem) {
    #expect(throws: InputError(file: "f", problem)) {
      try Safetensors(
        bytes: file(header, data: [UInt8](repeating: 0, count: dataBytes)), file: "f")
    }
  }

  @Test func saysWhatIsTooShort() {
    #expect(throws: InputError(file: "f", SafetensorsProblem.tooShort(bytes: 7))) {
      try Safetensors(bytes: [UInt8](repeating: 0, count: 7), file: "f")
    }
    #expect(
      throws: InputError(
        file: "f", SafetensorsProblem.headerPastEnd(headerBytes: 255, fileBytes: 9))
    ) { try Safetensors(bytes: [255, 0, 0, 0, 0, 0, 0, 0, 123], file: "f") }
  }

  /// Colons, quotes and backslashes inside strings are text.
  @Test func readsNamesOfEveryKind() throws {
    let contents = Safetensors(
      metadata: ["a:b": #"{"x":[1,"\"]}"#, "é": "\u{1b}[31m\n"],
      tensors: [
        (#"q"uote:"#, Tensor(shape: [1], scalars: [1])), ("", Tensor(zeros: [0, 3])),
        ("漢", Tensor(shape: [], scalars: [2])),
      ])
    #expect(try Safetensors(bytes: contents.bytes, file: "f") == contents)
  }

  /// What is read is written again byte for byte, numbers that aren't finite too; data is aligned.
  @Test func bytesSurviveTheRoundTrip() throws {
    let contents = Safetensors(
      metadata: ["b": "2", "a": "1"],
      tensors: [
        ("z", Tensor(shape: [2, 2], scalars: [.nan, -0.0, .infinity, .leastNonzeroMagnitude])),
        ("a", Tensor(shape: [1], scalars: [-Float.pi])),
      ])
    let bytes = try contents.bytes
    let again = try Safetensors(bytes: bytes, file: "f")
    #expect(try again.bytes == bytes)
    #expect(again.tensors.map(\.name) == ["z", "a"])
    #expect(again["z"]?.scalars.map(\.bitPattern) == contents["z"]?.scalars.map(\.bitPattern))
    #expect(again["none"] == nil)
    #expect(bytes.count % 8 == 4, "five scalars behind a header of whole words")
  }
}
