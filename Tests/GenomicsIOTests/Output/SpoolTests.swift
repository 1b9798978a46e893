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
