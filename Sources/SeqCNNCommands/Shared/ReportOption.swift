internal import ArgumentParser
internal import Genomics
internal import GenomicsIO
internal import Reports

/// What commands take that draw a page of their results.
struct ReportOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Write a report, one page that loads nothing and runs no script; the numbers of its figures stand beside it \
      in a file that ends in .figures.tsv instead.
      """, valueName: "html"))
  var report: String?

  func validate() throws {
    try report.map { path throws in
      try OutputName.report.check(path, option: "--report")
      guard path != "-", path.lowercased().hasSuffix(".html") else {
        throw ValidationError("--report is \(path.quoted); take a name that ends in .html")
      }
    }
  }

  /// The files of the report.
  var paths: [String] { report.map { [$0, Self.numbersPath($0)] } ?? [] }

  private static func numbersPath(_ path: String) -> String { path.dropLast(5) + ".figures.tsv" }

  /// Opens the files, so that one that can't be written is refused before the work begins.
  ///
  /// - Returns: `nil` if no report is asked for.
  func open(replacing: Bool) throws -> ReportFiles? {
    guard let report else { return nil }
    return ReportFiles(
      page: try OutputFile(path: report, replacing: replacing),
      numbers: try OutputFile(path: Self.numbersPath(report), replacing: replacing))
  }
}

/// A page and the numbers of its figures, as files.
struct ReportFiles: ~Copyable {
  private var page: OutputFile
  private var numbers: OutputFile

  init(page: consuming OutputFile, numbers: consuming OutputFile) {
    self.page = page
    self.numbers = numbers
  }

  consuming func finish(_ report: ReportPage, in outputs: inout OutputTransaction) throws {
    try page.write(report.html())
    try numbers.write(report.numbers())
    outputs.add(try page.finish())
    outputs.add(try numbers.finish())
  }

  /// Writes a page that no other output goes with.
  consuming func commit(_ report: ReportPage) throws {
    var outputs = OutputTransaction()
    try finish(report, in: &outputs)
    try outputs.commit()
  }
}

/// The facts that every report ends with.
func reportFacts(_ origin: OutputOrigin, _ facts: [(name: String, value: String)] = [])
  -> ReportPage.Section
{
  .init(
    "Run",
    [
      .facts(
        [("Version", origin.version), ("Command", origin.command)]
          + origin.modelDigests.map { ("Model", "SHA-256 \($0)") } + facts)
    ])
}
