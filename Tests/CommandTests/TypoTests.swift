import Testing

/// Command lines with a slip of the finger.
@Suite struct TypoTests {
  /// The one line that a command line is refused with, without `seqcnn: `.
  private func refusal(_ arguments: [String]) throws -> String {
    let run = try Program(arguments)
    #expect(run.exitCode == 64, "\(arguments): \(run.words)")
    #expect(run.output.isEmpty)
    #expect(run.words.hasPrefix("seqcnn: ") && run.words.hasSuffix("\n"))
    return String(run.words.dropFirst(8).dropLast())
  }

  @Test(
    arguments: [
      ("trian", "seqcnn", "train"), ("Train", "seqcnn", "train"), ("tran", "seqcnn", "train"),
      ("scna", "seqcnn", "scan"), ("eval", "seqcnn", "evaluate"), ("predcit", "seqcnn", "predict"),
      ("variant", "seqcnn", "variants"), ("motif", "seqcnn", "motifs"),
      ("motifs exprot", "seqcnn motifs", "export"), ("import deepbnd", "seqcnn import", "deepbind"),
      ("zebra", "seqcnn", nil), ("é", "seqcnn", nil),
    ] as [(String, String, String?)])
  func commands(line: String, parent: String, meant: String?) throws {
    let words = line.split(separator: " ").map(String.init)
    let expected =
      "Unexpected argument '\(words[words.count - 1])'; `\(parent) --help` lists the commands"
      + (meant.map { ". Did you mean '\($0)'?" } ?? "")
    #expect(try refusal(words) == expected)
    #expect(
      try refusal(words + ["--output", "o"]) == expected
    )
  }

  /// What is mistyped comes before what is missing for that reason.
  @Test(
    arguments: [
      ("predict --modle m --fasta a", "--modle", "--model"),
      ("scan --modle m --genome g --output o", "--modle", "--model"),
      ("scan merge a --ouput o", "--ouput", "--output"),
      ("train --postives a --output o", "--postives", "--positives"),
      ("train --positives a --output o --epoch 3", "--epoch", "--epochs"),
      ("train --positives a --output o --epoch=3", "--epoch", "--epochs"),
      ("train --positives a --output o --Epochs 3", "--Epochs", "--epochs"),
      ("train --positives a --output o --neg b", "--neg", "--negatives"),
      ("train --positives a -output o", "-output", "--output"),
      ("tune --positives a --output o --fold 2", "--fold", "--folds"),
      ("variants --vcf v --genom g --output o", "--genom", "--genome"),
      ("motifs scan --motifs m --genome g --output o --pvalue 1", "--pvalue", "--p-value"),
      ("import deepbind f --outptu o", "--outptu", "--output"),
      ("evaluate --zebra 1", "--zebra", nil),
    ] as [(String, String, String?)])
  func options(line: String, wrong: String, meant: String?) throws {
    #expect(
      try refusal(line.split(separator: " ").map(String.init))
        == "Unknown option '\(wrong)'" + (meant.map { ". Did you mean '\($0)'?" } ?? ""))
  }

  @Test(arguments: [
    ("--threshold -1", "--threshold is -1.0; a probability is from 0 to 1"),
    ("--threshold -inf", "--threshold is -inf; take a number"),
    ("--fdr -0.1", "--fdr is -0.1; take a number above 0, up to 1"),
    ("--fdr -.5e-3", "--fdr is -0.0005; take a number above 0, up to 1"),
    ("--p-value -1", "--p-value is -1.0; take a number above 0, up to 1"),
    ("--top -3", "--top is -3; take 1 to 1000000000"),
    ("--threads -2", "--threads is -2; take 1 to 4096"),
    (
      "--shard -1/3", "--shard is -1/3; take i/n, n from 1 to 100000 and i from 1 to n"
    ),
    ("--force -1", "The option '--force' does not take any value, but '-1' was specified."),
  ])
  func negativeNumbersOfScan(options: String, expected: String) throws {
    let words = try refusal(
      ["scan", "--model", Toy.model, "--genome", Toy.slice, "--output", "-"]
        + options.split(separator: " ").map(String.init))
    if options.hasPrefix("--force") {
      #expect(words.hasPrefix("Unknown option '-1'") || words == expected, "\(words)")
    } else {
      #expect(words == expected)
    }
  }

  @Test(arguments: [
    ("--epochs -5", "--epochs is -5; take 1 to 1000000"),
    ("--seed -1", "--seed is -1; take 0 to 18446744073709551615"),
    (
      "--seed 18446744073709551616",
      "--seed is 18446744073709551616; take 0 to 18446744073709551615"
    ),
    ("--seed x", "--seed is x; take 0 to 18446744073709551615"),
    ("--epochs 99999999999999999999", "--epochs is 99999999999999999999; take 1 to 1000000"),
    ("--epochs 9223372036854775807", "--epochs is 9223372036854775807; take 1 to 1000000"),
    ("--epochs 1.5", "--epochs is 1.5; take 1 to 1000000"),
    ("--length -1", "--length is -1; take 1 to 100000"),
    ("--negative-ratio -2", "--negative-ratio is -2.0; take above 0 to 1000"),
    ("--test -0.5", "--test is -0.5; a share is from 0 to below 1"),
    ("--threads abc", "--threads is abc; take 1 to 4096"),
  ])
  func numbersOfTrain(options: String, expected: String) throws {
    #expect(
      try refusal(
        ["train", "--positives", "a", "--output", "o"]
          + options.split(separator: " ").map(String.init)) == expected)
  }

  /// What could steer a terminal is written out, whoever words the message.
  @Test(arguments: [
    ["\u{1B}[31mtrain"], ["train", "--\u{1B}[31m"], ["train", "--positives", "a", "\u{1B}[31m"],
    ["train", "--preset", "\u{1B}[31m\u{7}"], ["train", "--epochs", "\u{1B}[31m"],
    ["train", "--force=\u{1B}[2J"], ["train", "-\u{1B}"], ["scan", "--shard", "\u{9B}1/2"],
    ["predict", "--model", "\u{1B}[31m", "--fasta", "a"],
    ["train", "--positives", "a", "--output", "o", "--test", "\u{1B}]0;x\u{7}"],
    ["train", "--positives", "\u{1B}[31m", "--output", "o"],
    ["train", "--positives", Toy.peaks, "--output", "\u{1B}[31m/x"],
    [
      "variants", "--model", "m", "--vcf", "v", "--genome", "g", "--output", "o", "--prefix",
      "\u{1B}",
    ],
    ["scan", "--model", Toy.model, "--genome", Toy.slice, "--output", "-", "--task", "\u{1B}[31m"],
    ["train", "--peaks", "a=\u{1B}[31m", "a=\u{202E}", "--genome", "g", "--output", "o"],
    ["motifs", "\u{1B}[31m"], ["import", "deepbind", "a", "--output", "\u{1B}[31m.gz"],
    ["train", "--positives", "a", "--output", "o", "\u{1B}1", "\u{1B}2"],
    ["predict", "--model", Toy.model, "--fasta", Toy.peaks, "--output", "\u{1B}[31m/x"],
  ])
  func terminalEscapesAreWrittenOut(arguments: [String]) throws {
    let run = try Program(arguments)
    #expect(run.exitCode != 0)
    #expect(run.words.split(separator: "\n").count == 1, "\(run.words)")
    let steering = run.words.dropLast().unicodeScalars.filter {
      $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
    }
    #expect(steering.isEmpty, "\(run.words)")
  }
}
