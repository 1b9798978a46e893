import Genomics

/// Reads JASPAR's `.sites`: a line `>ID NAME NUMBER` and a sequence per site, whose capitals are the site.
///
/// Sites of one ID make a motif. If the lines have other forms, all sites make one, which the file names.
struct SitesReader {
  /// - Parameter isNamedSites: Whether the file's name ends in `.sites`. Soft-masked sequences look like sites behind lines
  ///   of other forms.
  /// - Returns: `nil` for matrices and sequences without small letters. For sequences behind numbered lines of which each has
  ///   an ID of its own; for sequences behind other lines if the file isn't named as sites, or there is one, or their
  ///   capitals have several lengths.
  init?(_ blocks: [MatrixBlock], unnamed: String, isNamedSites: Bool) {
    let rows = blocks.flatMap(\.rows)
    guard !rows.isEmpty, blocks.allSatisfy({ $0.header != nil }),
      rows.allSatisfy({ $0.text.isSequence }),
      rows.contains(where: { $0.text.contains(where: \.isLowercase) })
    else { return nil }
    let isNumbered = blocks.allSatisfy {
      $0.headerWords.count > 2 && Int($0.headerWords.last!) != nil
    }
    let widths = Set(blocks.map { $0.site.bases.count })
    let areSites =
      isNumbered
      ? isNamedSites || Set(blocks.map(\.name)).count < blocks.count
      : isNamedSites && blocks.count > 1 && widths.count == 1 && widths.first! > 0
    guard areSites else { return nil }
    var groups: [(name: String, alternateName: String?, blocks: [MatrixBlock])] = []
    for block in blocks {
      let name = isNumbered ? block.name : unnamed
      if groups.last?.name != name {
        groups.append((name, isNumbered ? String(block.headerWords[1]) : nil, []))
      }
      groups[groups.count - 1].blocks.append(block)
    }
    self.groups = groups
  }

  private let groups: [(name: String, alternateName: String?, blocks: [MatrixBlock])]

  /// - Throws: `JASPARError` if no motif can be used.
  func motifs(file: String) throws -> (read: [Motif], passedOver: [PassedOverMotif]) {
    var (motifs, faults): ([Motif], [PassedOverMotif]) = ([], [])
    for group in groups {
      do throws(MatrixFault) {
        for block in group.blocks where block.site.bases.isEmpty {
          throw MatrixFault(line: block.site.line, problem: .badSite(block.sequence))
        }
        motifs.append(
          Motif(
            name: group.name, alternateName: group.alternateName,
            counts: try counts(of: group.blocks.map(\.site))))
      } catch {
        let error = JASPARError(file: file, line: error.line, error.problem)
        faults.append(PassedOverMotif(name: group.name, error: error))
      }
    }
    guard !motifs.isEmpty else { throw faults[0].error }
    return (motifs, faults)
  }
}

extension MatrixBlock {
  fileprivate var sequence: String { rows.map(\.text.trimmed).joined() }

  /// The capitals of its sequence; empty if small letters stand among them.
  fileprivate var site: (line: Int, bases: String) {
    let inner = sequence.drop { $0.isLowercase }.reversed().drop { $0.isLowercase }
    let bases = inner.allSatisfy(\.isUppercase) ? String(inner.reversed()) : ""
    return (rows.first?.line ?? line, bases)
  }
}
