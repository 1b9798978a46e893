import Genomics
import Testing

@Suite struct WordingTests {
  private enum Problem: InputProblem {
    case odd
    var description: String { "is odd; even it" }
  }

  @Test func errorsReadAsFileLineWhat() {
    #expect(
      InputError(file: "a.bed", line: 3, Problem.odd).description == "a.bed:3: is odd; even it")
    let whole = InputError(file: "a\u{1b}[31m", Problem.odd)
    #expect(whole.description == "a\\u{1b}[31m: is odd; even it")
    #expect(whole.kind == .badData)
  }

  @Test func escapesWhatSteersATerminal() {
    #expect("a\u{1b}[0m\u{7}\n".escapedForTerminal == "a\\u{1b}[0m\\u{7}\\u{a}")
    #expect("\u{202e}abc\u{200b}".escapedForTerminal == "\\u{202e}abc\\u{200b}")
    #expect("染色体 é".escapedForTerminal == "染色体 é")
  }

  @Test func quotesAndCuts() {
    #expect("chr1".quoted == "\"chr1\"")
    #expect(String(repeating: "a", count: 60).quoted.count == 62)
    let cut = String(repeating: "a", count: 57) + "..."
    #expect(String(repeating: "a", count: 61).quoted == "\"\(cut)\"")
  }

  @Test func ledgerCountsEachRecord() {
    var ledger = Ledger(source: "peaks.bed")
    ledger.use(3)
    ledger.drop("off the end")
    ledger.drop("too many N", count: 2)
    ledger.drop("off the end")
    ledger.drop("duplicate", count: 0)
    #expect(ledger.total == 7)
    #expect(ledger.dropped.map(\.reason) == ["off the end", "too many N"])
    #expect(ledger.dropped.map(\.count) == [2, 2])
    #expect(
      ledger.description
        == "peaks.bed: 3 of 7 used; 2 dropped: off the end; 2 dropped: too many N")
  }
}
