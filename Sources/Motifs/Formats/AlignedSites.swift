import Genomics

/// Counts the bases at each position of aligned sites.
///
/// - Parameter sites: A site's bases in upper case, and its line.
/// - Throws: For a site of another width than the first one, or with another letter than A, C, G, T and U.
func counts(of sites: [(line: Int, bases: String)]) throws(MatrixFault) -> [SIMD4<Double>] {
  var columns = [SIMD4<Double>](repeating: .zero, count: sites.first?.bases.utf8.count ?? 0)
  for site in sites {
    let bases = site.bases.utf8
    guard bases.count == columns.count else {
      throw MatrixFault(
        line: site.line, problem: .unequalSites(count: bases.count, expected: columns.count))
    }
    for (position, base) in bases.enumerated() {
      let code = Int(Alphabet.dna.codeOfLetter[Int(base)])
      guard code < Alphabet.dna.count else {
        throw MatrixFault(line: site.line, problem: .badSite(site.bases))
      }
      columns[position][code] += 1
    }
  }
  return columns
}

/// Reads JASPAR's `.sites`: a line `>ID NAME NUMBER` and a sequence per site, whose capitals are the site.
///
/// Sites of one ID make a motif. If the lines have other forms, all sites make one, which the file names.
struct SitesReader {
  /// - Returns: `nil` for sequences that aren't sites: not all sequences, without small letters, or with lines of another
  ///   form and capitals of several lengths.
  init?(_ blocks: [MatrixBlock], unnamed: String) {
    let rows = blocks.flatMap(\.rows)
    guard !rows.isEmpty, blocks.allSatisfy({ $0.header != nil }),
      rows.allSatisfy({ $0.text.isSequence }),
      rows.contains(where: { $0.text.contains(where: \.isLowercase) })
    else { return nil }
    let isNumbered = blocks.allSatisfy {
      $0.headerWords.count > 2 && Int($0.headerWords.last!) != nil
    }
    let widths = Set(blocks.map { $0.site.bases.count })
    guard isNumbered || widths.count == 1 && widths.first! > 0 else { return nil }
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
          throw MatrixFault(line: block.site.line, problem: .badSite(block.rows[0].text))
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
  /// The capitals of its sequence.
  fileprivate var site: (line: Int, bases: String) {
    (rows.first?.line ?? line, rows.map { $0.text.filter(\.isUppercase) }.joined())
  }
}

/// Reads the report of AlignACE (Roth et al. 1998): a line `Motif NUMBER`, a site per line with the number of its
/// sequence, its start and its strand, a line of `*` and the score. The motif is `Motif_NUMBER`, made of all sites.
struct AlignACEReader {
  private(set) var motifs: [Motif] = []
  private(set) var passedOver: [PassedOverMotif] = []

  static func recognizes(_ lines: [String]) -> Bool {
    lines.first { $0.contains { !$0.isWhitespace } }?.hasPrefix("AlignACE") ?? false
  }

  /// - Throws: `JASPARError` if no motif can be used.
  init(_ lines: [String], file: String) throws {
    var name: String?
    var sites: [(line: Int, bases: String)] = []
    for (index, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count == 2, words[0] == "Motif" {
        (name, sites) = ("Motif_\(words[1])", [])
      } else if words.starts(with: ["MAP", "Score:"]), let motif = name {
        add(motif, sites, file: file)
        name = nil
      } else if words.count == 4, words.dropFirst().allSatisfy({ Int($0) != nil }) {
        sites.append((index + 1, words[0].uppercased()))
      }
    }
    guard !motifs.isEmpty else {
      throw passedOver.first?.error ?? JASPARError(file: file, .noMotif) as any Failure
    }
  }

  private mutating func add(_ name: String, _ sites: [(line: Int, bases: String)], file: String) {
    guard !sites.isEmpty else { return }
    do throws(MatrixFault) {
      motifs.append(Motif(name: name, alternateName: nil, counts: try counts(of: sites)))
    } catch {
      let error = JASPARError(file: file, line: error.line, error.problem)
      passedOver.append(PassedOverMotif(name: name, error: error))
    }
  }
}
