import TestSupport
import Testing

/// A model of windows of 101 bases that reads a track beside them.
struct TrackModel {
  /// The model and the genome, as options.
  let places: [String]
  /// The track, as an option.
  let beside: [String]
  /// The peaks that it was trained on, a file.
  let regions: String

  /// Trains the model.
  init(in folder: borrowing TemporaryFolder) throws {
    let track = folder.path + "/open.bw"
    regions = folder.write(
      (0..<120).map { "20\t\(100_000 + $0 * 15_000)\t\(100_100 + $0 * 15_000)\n" }.joined(),
      to: "p.bed")
    beside = ["--side", "open=\(track)"]
    places = ["--model", folder.path + "/m/model.safetensors", "--genome", Toy.slice]
    _ = try Program.quiet([
      "scan", "--model", Toy.deepBind, "--genome", Toy.slice, "--output", folder.path + "/s.bed",
      "--bigwig", track,
    ])
    _ = try Program.quiet(
      [
        "train", "--peaks", regions, "--genome", Toy.slice, "--preset", "deepbind", "--epochs", "3",
        "--no-motifs", "--output", folder.path + "/m",
      ] + beside)
  }
}

extension Program {
  /// Runs the program without its words; the test fails unless it ends with 0.
  static func quiet(_ arguments: [String]) throws -> Program {
    let run = try Program(arguments + ["--quiet"])
    #expect(run.exitCode == 0, "\(run.words)")
    return run
  }
}
