public import ArgumentParser
internal import FoundationEssentials
internal import Genomics
internal import GenomicsIO
internal import Parallel
internal import Tensors

/// The program.
public struct SeqCNN: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "seqcnn",
    abstract: "Learns what DNA sequence a protein binds, and uses what it learned.",
    discussion: """
      EXAMPLES
        Train on ChIP-seq peaks, and read the report:
          seqcnn train --peaks CTCF.narrowPeak.gz --genome hg38.fa.gz --output ctcf
        Find binding sites in a genome:
          seqcnn scan --model ctcf/model.safetensors --genome hg38.fa.gz \\
            --output sites.bed
        See what differs between two conditions:
          seqcnn compare --model joint/model.safetensors --genome hg38.fa.gz \\
            --output sites.bed
        See what variants do to binding:
          seqcnn variants --model ctcf/model.safetensors --vcf calls.vcf.gz \\
            --genome hg38.fa.gz --output scored.vcf.gz

      Data goes to standard output, words to standard error. Exit codes: 0 done, 64
      usage, 65 bad data, 66 no such input, 70 a bug of ours, 73 cannot create, 74
      input/output, 75 busy.
      """,
    version: programVersion,
    subcommands: [
      TrainCommand.self, TuneCommand.self, EvaluateCommand.self, PredictCommand.self,
      ScanCommand.self, VariantsCommand.self, CompareCommand.self, MutateCommand.self,
      ExplainCommand.self, EmbedCommand.self, MotifsCommand.self, ExperimentCommand.self,
      SimulateCommand.self, DesignCommand.self, PretrainCommand.self,
      SampleCommand.self, LikelihoodCommand.self, JudgeCommand.self,
      ImportCommand.self, InspectCommand.self,
    ])

  public init() {}

  /// Runs the command line and exits.
  public static func main() {
    guard openStandardStreams() else {
      say("seqcnn: standard input, output or error is closed, and /dev/null can't be opened for it")
      Self.exit(withError: ExitCode(FailureKind.inputOutput.exitCode))
    }
    ignoreBrokenPipes()
    removeLeftoversOnSignals()
    keepFreedMemory()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(CommandLineWords.joiningNegativeNumbers(arguments))
      try OpenFileError.check()
      try command.run()
    } catch let failure as any Failure {
      exit(with: failure)
    } catch let error as MatrixLibraryError {
      exit(with: MatrixLibraryFailure(error: error))
    } catch  where exitCode(for: error) == .success {
      printHelp(fullMessage(for: error))
    } catch  where exitCode(for: error) == .validationFailure {
      // The parser sees what is missing before what is mistyped, which is often the same.
      let told = message(for: error)
      let problem = CommandLineWords.mistake(in: arguments) ?? NumberRule.reworded(told) ?? told
      say("seqcnn: \(oneLine(problem))")
      Self.exit(withError: ExitCode.validationFailure)
    } catch {
      say("seqcnn: unexpected: \(oneLine("\(error)")); this is a bug of seqcnn, please report it")
      Self.exit(withError: ExitCode(70))
    }
  }
}

extension SeqCNN {
  /// A message that may hold arguments as they were given, in one line and escaped.
  private static func oneLine(_ message: String) -> String {
    message.split(whereSeparator: \.isNewline).map {
      $0.drop { $0 == " " }.description.escapedForTerminal
    }.joined(separator: " ")
  }

  /// Prints what was asked for, help or the version, as checked as any other output.
  private static func printHelp(_ text: String) {
    do {
      var output = try OutputFile(path: "-", replacing: false)
      try output.write(text + "\n")
      try output.commit()
    } catch let failure as any Failure {
      exit(with: failure)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// Says what went wrong, and ends the program.
  private static func exit(with failure: any Failure) -> Never {
    // Whoever closes the pipe that data goes to has seen enough; other programs end without a word too.
    if let error = failure as? OutputError, error.isClosedStandardOutput {
      endByClosedPipe()
    }
    say("seqcnn: \(failure)")
    Self.exit(withError: ExitCode(failure.kind.exitCode))
  }
}

/// A lack of what multiplies matrices, in words.
private struct MatrixLibraryFailure: Failure {
  let error: MatrixLibraryError

  var kind: FailureKind { .inputOutput }

  var description: String {
    switch error {
    case .notLoaded(let reason):
      "OpenBLAS, which multiplies matrices, can't be loaded (\(reason)); install libopenblas0"
    case .noMemory:
      "not enough memory: OpenBLAS, which multiplies matrices, takes 500 MB of address space when it "
        + "is loaded; raise the limit (ulimit -v)"
    }
  }
}

/// The version of the program, in models and reports too.
let programVersion = "0.2.0"

extension FailureKind {
  /// The exit code, after BSD's sysexits.
  var exitCode: Int32 {
    switch self {
    case .badData: 65
    case .noInput: 66
    case .cannotCreate: 73
    case .inputOutput: 74
    case .busy: 75
    }
  }
}
