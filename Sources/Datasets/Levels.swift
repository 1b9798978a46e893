internal import Genomics
internal import GenomicsIO

extension LabeledTable {
  /// The most levels of a scale.
  static var mostLevels: Int { 50 }
  private static let sign = ">="

  /// Makes a task of each level but the lowest one, named `COLUMN>=LEVEL`: its label is 1 for that level and higher ones.
  ///
  /// - Parameter known: Tasks of such names, whose levels are taken; those of the column if there are none.
  /// - Throws: `InputError<LabelProblem>` if there are several columns, or the column is no scale.
  func withLevels(of known: TaskColumns, file: String) throws -> LabeledTable {
    guard tasks.count == 1 else {
      throw InputError(file: file, LabelProblem.severalScales(tasks: tasks))
    }
    let task = tasks[0]
    var levels = Self.levels(in: known)
    if levels.isEmpty {
      let all = Set(rows.compactMap { $0.labels[0] }).sorted()
      guard 2...Self.mostLevels ~= all.count else {
        throw InputError(file: file, LabelProblem.noScale(task: task, count: all.count))
      }
      levels = all.dropFirst().map { (task + Self.sign + Self.text($0), $0) }
    }
    let cumulative = rows.map { row in
      var row = row
      row.labels = levels.map { level in row.labels[0].map { $0 >= level.least ? 1 : 0 } }
      return row
    }
    return LabeledTable(tasks: levels.map(\.name), rows: cumulative, leftOut: leftOut)
  }

  /// The levels that the names of tasks state.
  private static func levels(in columns: TaskColumns) -> [(name: String, least: Float)] {
    guard case .among(let names) = columns else { return [] }
    let levels = names.compactMap { name -> (name: String, least: Float)? in
      guard let place = name.firstRange(of: sign), let least = Float(name[place.upperBound...])
      else {
        return nil
      }
      return (name, least)
    }
    return levels.count == names.count ? levels : []
  }

  /// The number, without the decimals of a whole one.
  private static func text(_ level: Float) -> String {
    Int(exactly: level).map { "\($0)" } ?? "\(level)"
  }
}

extension LoadedDataset {
  /// The number of levels of a scale that an example has reached, from 0; `nil` if that wasn't measured.
  public static func level(of labels: some Collection<Float>) -> Int? {
    labels.contains(where: \.isNaN) ? nil : labels.count { $0 > 0.5 }
  }
}
