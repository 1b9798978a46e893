import Foundation
import TestSupport
import Testing

/// Model files with a tensor too many or one missing, whose digests are right.
@Suite final class ModelTensorTests {
  private let folder = TemporaryFolder()

  private static let goldens = packageRoot + "/Tests/CommandTests/Goldens/Models"

  /// The exit code of `predict` with a golden model that has been edited.
  private func exitCode(_ kind: String, _ edit: (inout EditedModel) -> Void) throws -> Int32 {
    var model = try EditedModel("\(Self.goldens)/\(kind)/model.safetensors")
    edit(&model)
    let path = folder.write(try model.bytes(), to: "edited.safetensors")
    let sequences = folder.write(">s\nACGTTGATAAGCACGTACGTACGTACGTACGTACGTACGT\n", to: "s.fa")
    return try Program(["predict", "--model", path, "--fasta", sequences, "--quiet"]).exitCode
  }

  private static let kinds = ["flatten", "lecture", "ensemble", "two-tasks-ensemble"]

  /// Nothing but the tensors is wrong with the files of the other tests.
  @Test(arguments: kinds) func unchangedIsRead(kind: String) throws {
    #expect(try exitCode(kind) { _ in } == 0)
  }

  @Test(arguments: kinds) func aMissingTensorIsRefused(kind: String) throws {
    #expect(try exitCode(kind) { $0.tensors.removeFirst() } == 65)
    #expect(try exitCode(kind) { $0.tensors.removeLast() } == 65)
  }

  @Test(arguments: kinds) func aRenamedTensorIsRefused(kind: String) throws {
    #expect(try exitCode(kind) { $0.tensors[0].name += "s" } == 65)
  }

  @Test(arguments: kinds)
  func aTensorTooManyIsRefused(kind: String) throws {
    let extra = EditedModel.Tensor(name: "extra.bias", shape: [2], data: Data(count: 8))
    #expect(try exitCode(kind) { $0.tensors.append(extra) } == 65)
  }
}

/// A safetensors file taken apart.
private struct EditedModel {
  struct Tensor {
    var name: String
    var shape: [Int]
    var data: Data
  }

  var metadata: [String: String]
  /// In the order of their data.
  var tensors: [Tensor]

  init(_ path: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try #require(
      try JSONSerialization.jsonObject(with: bytes[8..<8 + length]) as? [String: [String: Any]])
    metadata = try #require(header["__metadata__"] as? [String: String])
    let entries = try header.filter { $0.key != "__metadata__" }.map { name, entry in
      (
        name: name, shape: try #require(entry["shape"] as? [Int]),
        offsets: try #require(entry["data_offsets"] as? [Int])
      )
    }
    tensors = entries.sorted { $0.offsets[0] < $1.offsets[0] }.map { name, shape, offsets in
      Tensor(
        name: name, shape: shape, data: bytes[(8 + length + offsets[0])..<8 + length + offsets[1]])
    }
  }

  /// The file, with the digest of its tensors, and none of its metadata, as files once had none.
  func bytes() throws -> Data {
    let data = tensors.reduce(Data()) { $0 + $1.data }
    var metadata = metadata
    metadata["digest"] = try sha256(data)
    metadata["metadataDigest"] = nil
    var (header, start) = (["__metadata__": metadata] as [String: Any], 0)
    for tensor in tensors {
      header[tensor.name] = [
        "dtype": "F32", "shape": tensor.shape, "data_offsets": [start, start + tensor.data.count],
      ]
      start += tensor.data.count
    }
    let json = try JSONSerialization.data(withJSONObject: header)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }) + json + data
  }
}

/// In hexadecimal, by the program `sha256sum`.
private func sha256(_ data: Data) throws -> String {
  let folder = TemporaryFolder()
  let file = folder.write(data, to: "data")
  #expect(try Program.shell("sha256sum < '\(file)' > '\(file).sha256'").exitCode == 0)
  return String(try contents(file + ".sha256").prefix(64))
}
