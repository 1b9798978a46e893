internal import Motifs

/// Writes the outline of each letter once, and refers to it wherever a logo draws it, so that a page of many logos is small.
func sharingGlyphs(_ page: String) -> String {
  var (page, definitions) = (page, "")
  for (base, glyph) in letterOutlines.enumerated() {
    let drawn = glyph + " transform="
    guard page.contains(drawn) else { continue }
    definitions += "\(glyph) id=\"base\(base)\"/>\n"
    page = page.replacing(drawn, with: "<use href=\"#base\(base)\" transform=")
  }
  guard !definitions.isEmpty else { return page }
  let shared = """
    <body>
    <svg class="shared" width="0" height="0" aria-hidden="true"><defs>
    \(definitions)</defs></svg>

    """
  return page.replacing("<body>\n", with: shared, maxReplacements: 1)
}
