public import Genomics

/// What can be wrong with a model file that is sound as safetensors.
public enum ModelProblem: InputProblem {
  case notAModel
  case checkpoint
  case generative
  /// Of a later version of the program.
  case newer(format: String, version: String?)
  case metadata(key: String)
  case configuration(String)
  case parameters(name: String)
  /// A tensor that the network doesn't have.
  case surplus(name: String)
  case digest
  case metadataDigest
  case notFinite(name: String)
  case overflow

  public var description: String {
    switch self {
    case .notAModel:
      "is a safetensors file of another program, no seqcnn model; give the model.safetensors of "
        + "`seqcnn train`"
    case .checkpoint:
      "is a checkpoint of a training that isn't finished; go on with `seqcnn train --resume` and give "
        + "its model.safetensors"
    case .generative:
      "is a model of sequence itself; give it to `seqcnn sample`, `likelihood` or `train --from`, or "
        + "here the model.safetensors of `seqcnn train`"
    case .newer(let format, let version):
      "the format is \(format.quoted) and this program reads up to \(Model.format.quoted); use seqcnn "
        + (version.map { "\($0) or later" } ?? "of the version that wrote it")
    case .metadata(let key):
      "the metadata \(key.quoted) is missing or unreadable; train the model again"
    case .configuration(let what): "\(what); train the model again"
    case .parameters(let name):
      "parameter \(name.quoted) is missing or of another shape than the network's; "
        + "train the model again"
    case .surplus(let name):
      "the network has no parameter \(name.quoted); the file was changed, take the one that "
        + "`seqcnn train` wrote"
    case .digest: "the weights don't match their digest; the file is damaged, copy it again"
    case .metadataDigest:
      "the metadata don't match their digest; the file is damaged or was changed, copy it again"
    case .notFinite(let name):
      "parameter \(name.quoted) holds numbers that aren't finite; train the model again"
    case .overflow:
      "the weights are so large that outputs are no finite numbers; train the model again, with a "
        + "lower learningRate"
    }
  }
}
