internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Parallel
internal import Tensors

/// What every command takes.
struct SharedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Threads, as many as processors by default; the result is the same.", valueName: "n"))
  var threads: Int = availableProcessorCount

  @OptionGroup var quiet: QuietOption

  func validate() throws {
    try NumberRule.threads.check(threads)
  }

  var console: Console { quiet.console }
}

/// What commands take that speak.
struct QuietOption: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  var console: Console { Console(isQuiet: quiet) }
}

/// What commands take that draw at random.
struct SeedOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The seed of what is drawn at random; the same seed, the same bytes.", valueName: "n"))
  var seed: UInt64 = 1
}

/// What commands take that write files.
struct ForceOption: ParsableArguments {
  @Flag(help: "Replace an output that exists.")
  var force = false
}

/// What commands take that write a folder of files.
struct FolderOption: ParsableArguments {
  @Option(help: ArgumentHelp("The folder of results.", valueName: "dir"))
  var output: String

  @OptionGroup var force: ForceOption

  func validate() throws {
    try OutputName.checkFolder(output, option: "--output")
  }

  /// - Throws: What making the folder throws.
  func directory() throws -> OutputDirectory {
    try OutputDirectory(path: output, replacing: force.force)
  }
}
