internal import Genomics
internal import Inference
internal import Reports
internal import Tensors

/// What the report of `mutate` is made of.
struct MutationReport {
  private let origin: OutputOrigin
  private let tasks: [String]
  private var count = 0
  private var maps: [ReportFigure] = []
  /// The substitutions that change an output most, by task.
  private var strongest: [[Substitution]]

  private struct Substitution {
    let name: String
    let delta: Float
  }

  /// More maps make the page too large, and longer sequences a map too high.
  private static let (mostMaps, longest, mostShown) = (12, 1010, 15)

  init(origin: OutputOrigin, tasks: [String]) {
    (self.origin, self.tasks) = (origin, tasks)
    strongest = tasks.map { _ in [] }
  }

  mutating func add(
    _ mutations: Mutagenesis, name: String, firstPosition: Int, isDrawn: Bool
  ) {
    count += 1
    let codes = mutations.sequence.codes
    for task in tasks.indices {
      let deltas = mutations.deltas(of: task)
      if isDrawn, maps.count < Self.mostMaps, codes.count <= Self.longest {
        maps.append(
          .mutations(
            codes: codes, deltas: deltas, title: tasks.count > 1 ? "\(name), \(tasks[task])" : name,
            firstPosition: firstPosition))
      }
      keepStrongest(of: deltas, codes, name: name, firstPosition: firstPosition, task: task)
    }
  }

  private mutating func keepStrongest(
    of deltas: [Float], _ codes: [UInt8], name: String, firstPosition: Int, task: Int
  ) {
    for (index, delta) in deltas.enumerated() where index % 4 != Int(codes[index / 4]) {
      let place =
        strongest[task].firstIndex { abs($0.delta) < abs(delta) } ?? strongest[task].count
      guard place < Self.mostShown else { continue }
      let text =
        "\(name), \(firstPosition + index / 4) \(baseLetters[Int(codes[index / 4])])>\(baseLetters[index % 4])"
      strongest[task].insert(Substitution(name: text, delta: delta), at: place)
      if strongest[task].count > Self.mostShown { strongest[task].removeLast() }
    }
  }

  var page: ReportPage {
    var page = ReportPage(title: "seqcnn mutate: \(tasks.prefix(4).joined(separator: ", "))")
    page.summary =
      "Every substitution in \(grouped(count)) sequence(s): what it adds to the model's output."
    page.sections = [
      .init("Maps", [.figures(maps)]),
      .init(
        "Strongest substitutions",
        tasks.indices.map { task in
          .table(
            ReportTable(
              header: [tasks[task], "Difference"],
              rows: strongest[task].map { [$0.name, figure(Double($0.delta), 3)] }))
        }),
      reportFacts(origin),
    ]
    return page
  }
}
