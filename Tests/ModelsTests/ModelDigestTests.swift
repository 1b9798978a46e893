import Foundation
import Genomics
import Layers
import Models
import Networks
import Tensors
import TestSupport
import Testing

@Suite struct ModelDigestTests {
  private static let golden =
    packageRoot + "/Tests/NetworksTests/Goldens/seqcnn-0.1.0.safetensors"

  private let model: Model

  init() throws {
    model = Model(
      ensemble: Ensemble(
        try Network(.deepBind(filters: 3, width: 5, hidden: 4), taskCount: 1, seed: 4)),
      objective: .binary, tasks: ["CTCF"], windowLength: 21,
      provenance: Provenance(
        version: "1.2", seed: 3, inputs: [InputDigest(name: "p.fa", sha256: "00ff")]),
      background: [ScoreDistribution(scores: [1, 2], origin: .genome)])
  }

  /// Changes that leave a model that makes sense: only the digest tells.
  @Test(arguments: [
    ("model", "CTCF", "MAX"), ("model", "\"windowLength\":21", "\"windowLength\":22"),
    ("model", "classification", "regression"), ("provenance", "p.fa", "q.fa"),
    ("provenance", "\"seed\":3", "\"seed\":4"), ("background", "[1,2]", "[1,3]"),
    ("network", "\"strands\":\"max\"", "\"strands\":\"mean\""),
  ])
  func changedMetadataIsRefused(key: String, old: String, new: String) throws {
    let problem = try model.problem { contents in
      let text = contents.metadata[key]!
      #expect(text.contains(old), "\(text)")
      contents.metadata[key] = text.replacingOccurrences(of: old, with: new)
    }
    #expect(problem == .metadataDigest || problem == .metadata(key: key))
  }

  @Test func addedAndRenamedKeysAreRefused() throws {
    #expect(try model.problem { $0.metadata["more"] = "x" } == .metadataDigest)
    #expect(try model.problem { $0.metadata["metadataDigest"] = "x" } == .metadataDigest)
    // As one bit of the key's name would be.
    #expect(
      try model.problem { contents in
        contents.metadata["metadataDigesu"] = contents.metadata.removeValue(
          forKey: "metadataDigest")
      } == .metadataDigest)
  }

  /// A tensor without scalars adds no bytes to those that the older digest covers.
  @Test func anAddedTensorIsRefused() throws {
    #expect(
      try model.problem { $0.tensors.append(("more", Tensor(zeros: [0]))) }
        == .surplus(name: "more"))
  }

  /// The digest as docs/formats.md defines it, made by hand.
  @Test func theDigestIsTheDocumentedOne() throws {
    let contents = try Safetensors(bytes: model.bytes, file: "m")
    var text = ""
    for key in ["alphabet", "background", "digest", "format", "model", "network", "provenance"] {
      text += key + "\0" + contents.metadata[key]! + "\0"
    }
    for (name, tensor) in contents.tensors {
      text += name + "\0" + tensor.shape.extents.map { "\($0)" }.joined(separator: ",") + "\0"
    }
    let folder = TemporaryFolder()
    let path = folder.write(text, to: "text")
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [path]
    process.standardOutput = pipe
    try process.run()
    let printed = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(printed.prefix(64) == contents.metadata["metadataDigest"]!)
  }

  @Test func filesOfEarlierVersionsLoad() throws {
    let model = try Model(path: Self.golden)
    #expect(model.tasks == ["Gm12878.CTCF.top500.w200"] && model.windowLength == 40)
    #expect(model.ensemble.networks[0].parameters[0].shape == [6, 4, 2])
    // It gets a digest when it is written again.
    let again = try Safetensors(bytes: model.bytes, file: "m")
    #expect(again.metadata["metadataDigest"] != nil)
    #expect(try Model(bytes: model.bytes, file: "m").tasks == model.tasks)
  }
}
