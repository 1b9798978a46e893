internal import Motifs

/// A report: one HTML file that loads nothing and runs nothing.
public struct ReportPage: Sendable {
  public var title: String
  /// The main result in a sentence.
  public var summary = ""
  /// What to beware of, a sentence each.
  public var warnings: [String] = []
  /// Those without content are left out.
  public var sections: [Section] = []

  /// Some blocks under a heading.
  public struct Section: Sendable {
    public var heading: String
    public var blocks: [ReportBlock]

    public init(_ heading: String, _ blocks: [ReportBlock]) {
      (self.heading, self.blocks) = (heading, blocks)
    }
  }

  public init(title: String) { self.title = title }

  public func html() -> String {
    let page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title.escapedForHTML)</title>
      <style>
      \(reportStyle)
      </style>
      </head>
      <body>
      <header>
      <h1>\(title.escapedForHTML)</h1>
      \(summary.isEmpty ? "" : "<p>\(summary.escapedForHTML)</p>")
      \(warningList)
      </header>
      <main>
      \(sections.map(\.html).joined())
      </main>
      </body>
      </html>

      """
    return sharingGlyphs(page)
  }

  /// The numbers of all figures, tab-separated: `figure`, `series`, `x`, `y`.
  public func numbers() -> String {
    let figures = sections.flatMap { $0.blocks.flatMap(\.figures) }
    return "figure\tseries\tx\ty\n" + figures.map(\.numbers).joined()
  }

  private var warningList: String {
    guard !warnings.isEmpty else { return "" }
    let items = warnings.map { "<li>\($0.escapedForHTML)</li>\n" }.joined()
    return "<ul class=\"warnings\">\n\(items)</ul>"
  }
}

extension ReportPage.Section {
  fileprivate var html: String {
    let content = blocks.map(\.html).joined()
    return content.isEmpty
      ? "" : "<section>\n<h2>\(heading.escapedForHTML)</h2>\n\(content)</section>\n"
  }
}

/// A part of a section.
public indirect enum ReportBlock: Sendable {
  case text(String)
  case list([String])
  case table(ReportTable)
  case figures([ReportFigure])
  case facts([(name: String, value: String)])
  case motifs([MotifCard])
  /// Blocks that can be folded away.
  case folded(summary: String, isOpen: Bool, [ReportBlock])
}

extension ReportBlock {
  /// Nothing if there is no content.
  var html: String {
    switch self {
    case .text(let text): text.isEmpty ? "" : "<p>\(text.escapedForHTML)</p>\n"
    case .list(let items):
      items.isEmpty
        ? "" : "<ul>\n\(items.map { "<li>\($0.escapedForHTML)</li>\n" }.joined())</ul>\n"
    case .table(let table): table.html
    case .figures(let figures):
      figures.isEmpty
        ? "" : "<div class=\"figures\">\n\(figures.map(\.html).joined())</div>\n"
    case .facts(let facts): Self.list(of: facts)
    case .motifs(let cards):
      cards.isEmpty ? "" : "<div class=\"motifs\">\n\(cards.map(\.html).joined())</div>\n"
    case .folded(let summary, let isOpen, let blocks):
      """
      <details\(isOpen ? " open=\"\"" : "")>
      <summary>\(summary.escapedForHTML)</summary>
      \(blocks.map(\.html).joined())</details>

      """
    }
  }

  var figures: [ReportFigure] {
    switch self {
    case .figures(let figures): figures
    case .motifs(let cards): cards.flatMap(\.figures)
    case .folded(_, _, let blocks): blocks.flatMap(\.figures)
    case .text, .list, .table, .facts: []
    }
  }

  private static func list(of facts: [(name: String, value: String)]) -> String {
    guard !facts.isEmpty else { return "" }
    let items = facts.map { fact in
      "<dt>\(fact.name.escapedForHTML)</dt><dd>\(fact.value.escapedForHTML)</dd>\n"
    }
    return "<dl>\n\(items.joined())</dl>\n"
  }
}

/// Rows of text under a header; the first column names the row.
public struct ReportTable: Sendable {
  public var header: [String]
  public var rows: [[String]]

  public init(header: [String] = [], rows: [[String]] = []) {
    self.header = header
    self.rows = rows
  }

  /// Nothing if there are no rows.
  var html: String {
    guard !rows.isEmpty else { return "" }
    let head = header.map { "<th scope=\"col\">\($0.escapedForHTML)</th>" }.joined()
    let body = rows.map { row in
      let name = row.prefix(1).map { "<th scope=\"row\">\($0.escapedForHTML)</th>" }.joined()
      let values = row.dropFirst().map { "<td>\($0.escapedForHTML)</td>" }.joined()
      return "<tr>\(name)\(values)</tr>\n"
    }
    return """
      <div class="table" tabindex="0" role="group" aria-label="\((header.first ?? "Table").escapedForHTML)">
      <table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body.joined())</tbody>
      </table>
      </div>

      """
  }
}
