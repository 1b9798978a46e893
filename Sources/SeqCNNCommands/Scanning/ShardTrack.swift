internal import Genomics
internal import GenomicsIO

/// The track of a shard's own windows: a bigWig file in the folder of the shard's output.
struct ShardTrack: Codable {
  private let name: String
  private let summary: TrackSummary

  /// Notes down a track that is complete.
  ///
  /// - Throws: `ByteError` if it doesn't read back.
  init(_ track: FinishedOutput) throws {
    name = splitPath(track.path).name
    summary = try BigWigReader(path: track.contentsPath).summary
  }

  /// Opens the track of the shard with an output.
  ///
  /// - Throws: What opening throws, and `InputError<ShardProblem>` if it is another track.
  func reader(forShard output: String) throws -> BigWigReader {
    guard splitPath(name).name == name else {
      throw InputError(file: output, line: 1, ShardProblem.notAShard)
    }
    let folder = splitPath(output).folder
    let path = folder == "." ? name : "\(folder)/\(name)"
    let reader = try BigWigReader(path: path)
    guard reader.summary == summary else {
      throw InputError(file: path, ShardProblem.otherTrack(shard: output))
    }
    return reader
  }
}
