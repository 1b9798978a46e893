import Foundation
import GenomicsIO
import TestSupport
import Testing

@Suite struct NPZWriterTests {
  private func archive() throws -> [UInt8] {
    let folder = TemporaryFolder()
    let path = folder.path + "/a.npz"
    var writer = try NPZWriter(path: path, replacing: true)
    try writer.write("delta", shape: [2, 3], scalars: [1, -2, 0.5, .nan, 4, 5])
    try writer.write("x", shape: [1], scalars: [8])
    try writer.write("n", shape: [3], integers: [7, -1, .max])
    try writer.commit()
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The fields of PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.16, read one by one; the checksum is computed
  /// bit by bit from its polynomial.
  @Test func isAZipFileOfNumPyFiles() throws {
    let bytes = try archive()
    let end = bytes.count - 22
    #expect(bytes[end..<end + 4] == [0x50, 0x4b, 5, 6])
    #expect(number(bytes[end + 10..<end + 12]) == 3)
    var entry = number(bytes[end + 16..<end + 20])
    #expect(entry + number(bytes[end + 12..<end + 16]) == end)
    let delta: [Float] = [1, -2, 0.5, .nan, 4, 5]
    for (name, type, patterns, shape) in [
      ("delta.npy", "<f4", delta.map(\.bitPattern), "(2, 3,)"),
      ("x.npy", "<f4", [Float(8).bitPattern], "(1,)"),
      ("n.npy", "<i4", [7, UInt32.max, 0x7fff_ffff], "(3,)"),
    ] {
      #expect(bytes[entry..<entry + 4] == [0x50, 0x4b, 1, 2])
      #expect(number(bytes[entry + 10..<entry + 12]) == 0)
      #expect(bytes[(entry + 46)..<(entry + 46 + name.count)] == Array(name.utf8)[...])
      let size = number(bytes[entry + 24..<entry + 28])
      let local = number(bytes[entry + 42..<entry + 46])
      #expect(bytes[local..<local + 4] == [0x50, 0x4b, 3, 4])
      #expect(bytes[local + 4..<local + 30] == bytes[entry + 6..<entry + 32])
      let data = Array(bytes[local + 30 + name.count..<local + 30 + name.count + size])
      #expect(number(bytes[entry + 16..<entry + 20]) == Int(checksum(data)))
      #expect(data[..<8] == [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0])
      let header = number(data[8..<10])
      #expect((10 + header) % 64 == 0 && data[9 + header] == 10)
      #expect(
        String(decoding: data[10..<10 + header], as: UTF8.self)
          .hasPrefix("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"))
      #expect(size == 10 + header + 4 * patterns.count)
      for (index, pattern) in patterns.enumerated() {
        let first = 10 + header + 4 * index
        #expect(number(data[first..<first + 4]) == Int(pattern))
      }
      entry += 46 + name.count
    }
    #expect(entry == end)
  }

  @Test func sameArraysGiveTheSameBytes() throws {
    #expect(try archive() == archive())
  }

  private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 {
        remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xedb8_8320 : 0)
      }
    }
    return ~remainder
  }
}
