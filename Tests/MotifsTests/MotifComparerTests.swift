import Foundation
import Genomics
import Motifs
import TestSupport
import Testing

@Suite struct MotifComparerTests {
  private func motif(_ columns: SIMD4<Double>...) -> Motif {
    Motif(name: "m", probabilities: ProbabilityMatrix(columns: columns)!)
  }

  /// memelite's `tomtom`, whose golden `scripts/goldens/tomtom.py` makes: the same whole numbers, and p-values that
  /// differ by rounding alone. Of offsets with one score memelite takes others than we do.
  @Test func matchesMemelite() throws {
    let database = try Database.jaspar()
    let path = packageRoot + "/Tests/MotifsTests/Goldens/tomtom.tsv"
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count == 32 * 64)
    let comparer = MotifComparer(targets: database)
    let index = Dictionary(uniqueKeysWithValues: database.enumerated().map { ($1.name, $0) })
    for (query, rows) in Dictionary(grouping: rows, by: { $0[0] }) {
      let matches = comparer.matches(of: database[index[query]!])
      for row in rows {
        let match = matches[index[row[1]]!]
        let golden = try #require(Double(row[2]))
        #expect(match.score == Int(row[3]))
        #expect(abs(match.pValue - golden) <= 1e-9 * golden)
        let overlap = match.alignment.overlap(
          queryWidth: database[index[query]!].width, targetWidth: database[match.target].width)
        #expect(overlap >= Int(row[5])!)
      }
    }
  }

  /// By hand: of the database's columns A, C and, on the other strand, T, G one is as like A as can be, the others
  /// are √2 away, which is the median. So A has p = 1 - (1 - 1/4)² on both strands, and C can't be surpassed.
  @Test func pValuesOfOneColumn() {
    let matches = MotifComparer(targets: [motif([1, 0, 0, 0]), motif([0, 1, 0, 0])])
      .matches(of: motif([1, 0, 0, 0]))
    #expect(matches.map(\.pValue) == [0.4375, 1])
    #expect(matches[0].alignment == MotifAlignment(offset: 0, strand: .forward))
  }

  /// The same by counting: two offsets lay a column each on a target of one column, of which a quarter scores as much.
  @Test func pValuesCountOffsets() {
    let matches = MotifComparer(targets: [motif([1, 0, 0, 0]), motif([0, 1, 0, 0])])
      .matches(of: motif([1, 0, 0, 0], [1, 0, 0, 0]))
    #expect(abs(matches[0].pValue - (1 - 0.75 * 0.75 * 0.75 * 0.75)) < 1e-15)
  }

  /// A target on its other strand is the same target, where columns that are merged are equal.
  @Test func strandsAreEqual() throws {
    let database = try Database.jaspar().prefix(60).map { motif -> Motif in
      let tenths = motif.probabilities.columns.map {
        let counts = ($0 * 10).rounded(.toNearestOrEven) + 1
        return counts / counts.sum()
      }
      return Motif(name: motif.name, probabilities: ProbabilityMatrix(columns: tenths)!)
    }
    let turned = database.map { motif in
      Motif(name: motif.name, probabilities: motif.probabilities.reverseComplement)
    }
    let pairs = zip(
      MotifComparer(targets: database).matches(of: database[7]),
      MotifComparer(targets: turned).matches(of: database[7]))
    for (match, other) in pairs {
      #expect(match.score == other.score)
      #expect(abs(match.pValue - other.pValue) <= 1e-9 * match.pValue)
    }
  }

  /// A motif is cut out of a longer one and turned: it comes back at its place.
  @Test func findsPlaceAndStrand() throws {
    let database = try Database.jaspar()
    let target = try #require(database.firstIndex { $0.alternateName == "CTCF" })
    let whole = database[target].probabilities
    let cut = ProbabilityMatrix(columns: Array(whole.columns[3..<13]))!
    let comparer = MotifComparer(targets: database)
    let forward = comparer.matches(of: Motif(name: "cut", probabilities: cut))[target]
    #expect(forward.alignment == MotifAlignment(offset: 3, strand: .forward))
    let turned = Motif(name: "cut", probabilities: cut.reverseComplement)
    let reverse = comparer.matches(of: turned)[target]
    #expect(reverse.alignment == MotifAlignment(offset: whole.width - 13, strand: .reverse))
    #expect(reverse.pValue < 1e-12)
    let consensus = forward.alignment.consensus(query: cut, target: whole)
    #expect(consensus.target == whole.consensus)
    let dashes = String(repeating: "-", count: whole.width - 13)
    #expect(consensus.query == "---" + cut.consensus + dashes)
  }

  /// `p n / rank`, and no more than that of a later rank, by hand.
  @Test func eValuesAndQValues() {
    let pValues = [0.5, 0.03, 0.01, 0.02]
    let ranked = pValues.enumerated().map { index, pValue in
      MotifMatch(
        target: index, alignment: MotifAlignment(offset: 0, strand: .forward), score: 0,
        pValue: pValue)
    }.ranked
    #expect(ranked.map(\.match.target) == [2, 3, 1, 0])
    #expect(ranked.map(\.eValue) == [0.04, 0.08, 0.12, 2])
    #expect(ranked.map(\.qValue) == [0.04, 0.04, 0.04, 0.5])
  }
}

@Suite struct MotifDatabaseTests {
  /// CTCF's middle is CTCF's; a motif that says nothing is nobody's.
  @Test func namesMotifs() throws {
    let motifs = try Database.jaspar()
    let database = MotifDatabase(name: "JASPAR", motifs: motifs)
    let known = try #require(motifs.first { $0.name == "MA0139.2" })
    let cut = Motif(
      name: "f",
      probabilities: ProbabilityMatrix(columns: Array(known.probabilities.columns[1..<14]))!)
    let flat = Motif(
      name: "g", probabilities: ProbabilityMatrix(columns: [[0.25, 0.25, 0.25, 0.25]])!)
    let names = database.bestMatches(of: [cut, flat], eValue: 0.05, threads: 2)
    #expect(names.map(\.description) == ["CTCF (MA0139.2)", "no match in JASPAR"])
    #expect(names[0].motif == known && names[0].best.eValue < 1e-9)
    #expect(names[1].motif == nil && names[1].best.eValue >= 0.05)
  }
}

/// The database in `motifs/`.
enum Database {
  static func jaspar() throws -> [Motif] {
    let path = packageRoot + "/motifs/JASPAR2026_CORE_vertebrates_non-redundant.meme"
    return try MotifFile(path: path).motifs
  }
}
