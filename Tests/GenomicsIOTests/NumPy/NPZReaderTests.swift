import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite final class NPZReaderTests {
  private let folder = TemporaryFolder()

  /// Written by NumPy 2.4.6: `numpy.savez(f, a=numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 2)`.
  private static let byNumPy = """
    UEsDBC0AAAAAAAAAIQALwLB2//////////8FABQAYS5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzog
    JzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAg
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAD8AAIA/AADAPwAAAEAAACBAUEsBAi0DLQAAAAAAAAAhAAvA
    sHaYAAAAmAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsFBgAAAAABAAEAMwAAAM8AAAAAAA==
    """

  private func numPyArchive() throws -> [UInt8] {
    let text = Self.byNumPy.split(separator: "\n").joined()
    return Array(try #require(Data(base64Encoded: text)))
  }

  @Test func readsWhatNumPyWrites() throws {
    let path = folder.write(try numPyArchive(), to: "a.npz")
    let arrays = try readNPZ(path)
    #expect(arrays.map(\.name) == ["a"] && arrays[0].shape == [2, 3])
    #expect(arrays[0].scalars == [0, 0.5, 1, 1.5, 2, 2.5])
  }

  @Test func readsWhatTheWriterWrites() throws {
    let path = folder.path + "/b.npz"
    var writer = try NPZWriter(path: path, replacing: true)
    try writer.write("motif1", shape: [4, 1], scalars: [1, -2, 0.5, 8])
    try writer.write("x", shape: [], scalars: [3])
    try writer.write("none", shape: [0, 4], scalars: [])
    try writer.commit()
    let arrays = try readNPZ(path)
    #expect(arrays.map(\.name) == ["motif1", "x", "none"])
    #expect(arrays.map(\.shape) == [[4, 1], [], [0, 4]])
    #expect(arrays.map(\.scalars) == [[1, -2, 0.5, 8], [3], []])
  }

  @Test func refusesOtherFiles() throws {
    let whole = try numPyArchive()
    func problem(_ bytes: [UInt8]) -> NPZProblem? {
      let path = folder.write(bytes, to: "bad.npz")
      do {
        _ = try readNPZ(path)
        return nil
      } catch {
        return (error as? NPZError)?.problem
      }
    }
    #expect(problem(Array("MOTIF a\n".utf8)) == .notAnArchive)
    #expect(problem([]) == .notAnArchive)
    #expect(problem(Array(whole.dropLast(1))) == .notAnArchive)
    var double = whole
    let place = try #require(whole.indices.first { whole[$0...].starts(with: Array("<f4".utf8)) })
    double[place + 2] = UInt8(ascii: "8")
    #expect(problem(double) == .otherLayout(array: "a"))
    var compressed = whole
    let entry = try #require(whole.indices.first { whole[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
    compressed[entry + 10] = 8
    #expect(problem(compressed) == .compressed(array: "a"))
    var short = whole
    short[entry + 24] = 100
    #expect(problem(short) == .damaged(array: "a"))
  }
}
