import Foundation
import Parallel
import TestSupport
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
  @Test(arguments: 1...3) func goesOnWhileTheCallerDoesSomethingElse(threads: Int) {
    let team = ThreadTeam(threads: threads)
    let begun = team.begin(50) { $0 * 2 }
    usleep(2000)
    #expect(begun.results() == (0..<50).map { $0 * 2 })
    do { _ = team.begin(20) { [$0] } }
    #expect(team.map(3) { $0 + 1 } == [1, 2, 3])
    #expect(team.begin(0) { $0 }.results().isEmpty)
  }

  /// A team that rests for longer than its threads stay awake goes on.
  @Test func wakesAfterARest() {
    let team = ThreadTeam(threads: 3)
    for round in 0..<3 {
      usleep(5000)
      #expect(team.map(100) { $0 + round } == (0..<100).map { $0 + round })
    }
  }

  /// Work that comes while threads fall asleep isn't missed, and teams whose threads sleep let them go: of so many that
  /// stayed none would be left to work.
  @Test func fallsAsleepAtAnyTime() {
    for round in 0..<200 {
      let team = ThreadTeam(threads: 4)
      for rest in 0..<5 {
        usleep(UInt32((round + 40 * rest) % 200))
        #expect(team.map(8) { $0 ^ rest } == (0..<8).map { $0 ^ rest })
      }
      usleep(UInt32(round))
    }
  }

  /// Teams that work at the same time don't take each other's indices.
  @Test func teamsAreIndependent() {
    let results = onThreads(4) { number in
      let team = ThreadTeam(threads: 2)
      return (0..<200).flatMap { job in team.map(3) { number * 1000 + job + $0 } }
    }
    let expected = (0..<4).map { number in
      (0..<200).flatMap { job in (0..<3).map { number * 1000 + job + $0 } }
    }
    #expect(results == expected)
  }
}
