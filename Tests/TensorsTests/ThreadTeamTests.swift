import Tensors
import Testing

@Suite struct ThreadTeamTests {
  /// Many short jobs of changing sizes, each index done once and in its place.
  @Test(arguments: 1...5) func doesEachIndexOfEachJobOnce(threads: Int) {
    let team = ThreadTeam(threads: threads)
    for job in 0..<3000 {
      let count = job % 7
      #expect(team.map(count) { $0 &* 31 &+ job } == (0..<count).map { $0 &* 31 &+ job })
    }
  }

  /// The caller may do something else meanwhile, take the results late, or not at all.
  @Test(arguments: 1...3) func goesOnWhileTheCallerDoesSomethingElse(threads: Int) async throws {
    let team = ThreadTeam(threads: threads)
    let begun = team.begin(50) { $0 * 2 }
    try await Task.sleep(for: .milliseconds(2))
    #expect(begun.results() == (0..<50).map { $0 * 2 })
    do { _ = team.begin(20) { [$0] } }
    #expect(team.map(3) { $0 + 1 } == [1, 2, 3])
    #expect(team.begin(0) { $0 }.results().isEmpty)
  }

  /// A team that rests for longer than its threads stay awake goes on.
  @Test func wakesAfterARest() async throws {
    let team = ThreadTeam(threads: 3)
    for round in 0..<3 {
      try await Task.sleep(for: .milliseconds(5))
      #expect(team.map(100) { $0 + round } == (0..<100).map { $0 + round })
    }
  }

  /// Teams that work at the same time don't take each other's indices.
  @Test func teamsAreIndependent() async {
    await withTaskGroup(of: [Int].self) { group in
      for number in 0..<4 {
        group.addTask {
          let team = ThreadTeam(threads: 2)
          return (0..<200).flatMap { job in team.map(3) { number * 1000 + job + $0 } }
        }
      }
      var results: [[Int]] = []
      for await result in group { results.append(result) }
      let expected = (0..<4).map { number in
        (0..<200).flatMap { job in (0..<3).map { number * 1000 + job + $0 } }
      }
      #expect(results.sorted { $0[0] < $1[0] } == expected)
    }
  }
}
