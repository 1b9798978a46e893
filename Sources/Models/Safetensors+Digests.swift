internal import GenomicsIO
internal import Tensors

extension Safetensors {
  private static let tensorsKey = "digest"
  private static let metadataKey = "metadataDigest"

  /// Adds the digests that tell whether the contents are as they were written: of the tensors' bytes, and
  /// of all the rest.
  public mutating func addDigests() {
    metadata[Self.metadataKey] = nil
    metadata[Self.tensorsKey] = sha256(of: weightBytes)
    metadata[Self.metadataKey] = metadataDigest
  }

  /// Whether the tensors' bytes match their digest.
  public var tensorsMatchDigest: Bool {
    metadata[Self.tensorsKey] == sha256(of: weightBytes)
  }

  /// Whether metadata and the names and shapes of tensors match their digest.
  ///
  /// - Parameter keys: The keys of files of earlier versions, which have no such digest: a file without
  ///   it must hold these and no others.
  public func metadataMatchesDigest(orHasOnly keys: Set<String>) -> Bool {
    guard let digest = metadata[Self.metadataKey] else {
      return Set(metadata.keys) == keys.union([Self.tensorsKey])
    }
    return digest == metadataDigest
  }

  /// The digest of `KEY NUL VALUE NUL` for every other key, in the order of the keys' bytes, and then of
  /// `NAME NUL SHAPE NUL` for every tensor, such as `layers.0.weight NUL 24,4,16 NUL`.
  private var metadataDigest: String {
    var parts: [String] = []
    for (key, value) in metadata.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    where key != Self.metadataKey {
      parts += [key, value]
    }
    for (name, tensor) in tensors {
      parts += [name, tensor.shape.extents.map(String.init).joined(separator: ",")]
    }
    return sha256(of: parts.flatMap { Array($0.utf8) + [0] })
  }
}
