import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct SpoolTests {
  /// More than a buffer's worth, and nothing left in the folder.
  @Test func givesBackWhatItTook() throws {
    let folder = TemporaryFolder()
    var spool = try Spool(beside: folder.file("out.bed"))
    let count = 100_000
    for number in 0..<count {
      try spool.write((0..<7).map { UInt8(truncatingIfNeeded: number * 31 + $0) })
    }
    #expect(try folder.names.isEmpty)
    for _ in 0..<2 {
      var number = 0
      while let record = try spool.read(7) {
        #expect(record.elementsEqual((0..<7).map { UInt8(truncatingIfNeeded: number * 31 + $0) }))
        number += 1
      }
      #expect(number == count)
      try spool.rewind()
    }
  }

  @Test func isEmptyAtFirst() throws {
    var spool = try Spool(beside: "-")
    #expect(try spool.read(1) == nil)
  }
}

@Suite struct SpoolFaultTests {
  /// The file loses its second half while it is written: a scan would end early without a word.
  @Test func anEarlyEndIsAnError() throws {
    let folder = TemporaryFolder()
    let path = folder.file("out.bed")
    var spool = try Spool(beside: path)
    for _ in 0..<3 { try spool.write([UInt8](repeating: 1, count: 1 << 18)) }
    let descriptor = try #require(openFile(below: folder.path))
    #expect(truncate("/proc/self/fd/\(descriptor)", 400_000) == 0)
    var count = 0
    let error = #expect(throws: OutputError.self) {
      while try spool.read(1000) != nil { count += 1 }
    }
    #expect(error?.kind == .inputOutput && error?.file == path)
    #expect(count <= 400)
  }

  /// The number of an open file in a folder, which may have no name any more.
  private func openFile(below folder: String) -> Int? {
    (3..<256).first { number in
      let target = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(number)")
      return target?.hasPrefix(folder) == true
    }
  }
}
