import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct OutputFileTests: ~Copyable {
  let folder = TemporaryFolder()

  @Test func appearsOnlyWhenCommitted() throws {
    let path = folder.file("out.txt")
    var output = try OutputFile(path: path, replacing: false)
    try output.write("first\n")
    try output.write(Array("second\n".utf8))
    #expect(try folder.names == [".out.txt.seqcnn-tmp"])
    try output.commit()
    #expect(try text(ofFile: path) == "first\nsecond\n")
    #expect(try folder.names == ["out.txt"])
  }

  @Test func leavesNothingWhenNotCommitted() throws {
    do {
      var output = try OutputFile(path: folder.file("out.txt"), replacing: false)
      try output.write("lost")
    }
    #expect(try folder.names == [])
  }

  @Test func keepsTheOldContentsUntilCommitted() throws {
    let path = folder.file("out.txt", holding: "old")
    do {
      var output = try OutputFile(path: path, replacing: true)
      try output.write("new")
    }
    #expect(try text(ofFile: path) == "old")
    var output = try OutputFile(path: path, replacing: true)
    try output.write("new")
    try output.commit()
    #expect(try text(ofFile: path) == "new")
  }

  @Test func writesManyAndLargePiecesInOrder() throws {
    let path = folder.file("out.txt")
    var expected: [UInt8] = []
    var output = try OutputFile(path: path, replacing: false)
    for size in [1, 70_000, 65_535, 0, 65_536, 3, 200_000, 65_537] {
      let piece = (0..<size).map { UInt8(($0 + size) % 251) }
      expected += piece
      try output.write(piece)
      expected += Array("\(size)\n".utf8)
      try output.write("\(size)\n")
    }
    try output.commit()
    #expect(try bytes(ofFile: path) == expected)
  }

  @Test func takesOverWhatAKilledRunLeft() throws {
    folder.file(".out.txt.seqcnn-tmp", holding: "half of something much longer")
    var output = try OutputFile(path: folder.file("out.txt"), replacing: false)
    try output.write("whole")
    try output.commit()
    #expect(try text(ofFile: folder.file("out.txt")) == "whole")
    #expect(try folder.names == ["out.txt"])
  }

  @Test func replacesWhatALinkStandsFor() throws {
    let path = folder.file("real.txt", holding: "old")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.txt"), withDestinationPath: "real.txt")
    var output = try OutputFile(path: folder.file("link.txt"), replacing: true)
    try output.write("new")
    try output.commit()
    #expect(try text(ofFile: path) == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.txt"))
        == "real.txt")
  }

  @Test func refusesWhatExists() throws {
    let path = folder.file("out.txt", holding: "precious")
    let error = #expect(throws: OutputError.self) {
      _ = try OutputFile(path: path, replacing: false)
    }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.description == "\(path): exists; use --force to replace it")
    #expect(try folder.names == ["out.txt"])
  }

  @Test func secondRunIsBusy() throws {
    let path = folder.file("out.txt")
    let first = try OutputFile(path: path, replacing: true)
    let error = #expect(throws: OutputError.self) {
      _ = try OutputFile(path: path, replacing: true)
    }
    #expect(error?.problem == .busy)
    #expect(error?.kind == .busy)
    try first.commit()
    #expect(try folder.names == ["out.txt"])
    _ = try OutputFile(path: path, replacing: true)
  }

  @Test func refusesAFolderAndAMissingOne() throws {
    #expect(throws: OutputError(file: folder.path, .isFolder)) {
      _ = try OutputFile(path: folder.path, replacing: true)
    }
    let path = folder.file("none/out.txt")
    #expect(throws: OutputError(file: path, .notCreated(code: ENOENT))) {
      _ = try OutputFile(path: path, replacing: true)
    }
    let under = folder.file("file", holding: "") + "/out.txt"
    #expect(throws: OutputError(file: under, .notCreated(code: ENOTDIR))) {
      _ = try OutputFile(path: under, replacing: true)
    }
  }

  @Test func writesToADeviceDirectly() throws {
    var output = try OutputFile(path: "/dev/null", replacing: false)
    try output.write("gone")
    try output.commit()
    #expect(FileManager.default.fileExists(atPath: "/dev/null"))
  }

  /// gzip reads the text back; bytes are the same for any number of threads and any size of the writes.
  @Test(arguments: [0, 1, 0xff00, 0xff00 + 1, 3_000_000])
  func compressesTheSameOnAnyThreads(count: Int) throws {
    let text = (0..<count).map { UInt8(97 + $0 * $0 / 1009 % 26) }
    var written: [[UInt8]] = []
    for (threads, size) in [(1, 1000), (3, 70_001), (16, max(count, 1))] {
      let path = folder.file("\(threads).gz")
      var file = try OutputFile(
        path: path, replacing: false, compression: .bgzf, threads: threads)
      for start in stride(from: 0, to: count, by: size) {
        try file.write(Array(text[start..<min(start + size, count)]))
      }
      try file.commit()
      written.append(try bytes(ofFile: path))
    }
    #expect(written[0] == written[1] && written[0] == written[2])
    if let read = try output(of: "gzip", "-dc", folder.file("1.gz")) {
      #expect(Array(read.utf8) == text)
    }
  }

  /// `/dev/full` fails every write as a full disk does.
  @Test(arguments: [OutputFile.Compression.none, .bgzf])
  func reportsAFullDisk(compression: OutputFile.Compression) throws {
    let error = #expect(throws: OutputError.self) {
      var output = try OutputFile(
        path: "/dev/full", replacing: false, compression: compression)
      try output.write("more than fits")
      try output.commit()
    }
    #expect(error?.problem == .notWritten(code: ENOSPC))
    #expect(error?.kind == .inputOutput)
  }

  /// A limit on the size of files ends the write in the middle of a file that would be renamed.
  @Test func leavesNothingWhenAWriteFails() async throws {
    await #expect(processExitsWith: .success) {
      ignoreBrokenPipes()
      let folder = TemporaryFolder()
      let path = folder.file("out")
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      for compression in [OutputFile.Compression.none, .bgzf] {
        #expect(throws: OutputError(file: path, .notWritten(code: EFBIG))) {
          var output = try OutputFile(
            path: path, replacing: false, compression: compression)
          var state: UInt64 = 1
          for _ in 0..<100 {
            try output.write(
              (0..<5000).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1
                return UInt8(state >> 56)
              })
          }
          try output.commit()
        }
        let names = try folder.names
        #expect(names == [])
      }
    }
  }

  @Test func reportsAClosedPipe() async throws {
    await #expect(processExitsWith: .success) {
      ignoreBrokenPipes()
      var ends: [Int32] = [0, 0]
      #expect(pipe(&ends) == 0)
      close(ends[0])
      let path = "/dev/fd/\(ends[1])"
      // Opening the write end anew needs a reader, so the pipe takes the standard output's place.
      dup2(ends[1], STDOUT_FILENO)
      #expect(throws: OutputError(file: "-", .notWritten(code: EPIPE))) {
        var output = try OutputFile(path: "-", replacing: false)
        try output.write(path)
        try output.commit()
      }
    }
  }

  /// Bytes without a pattern, which no block can hold in fewer.
  @Test func compressesWhatCannotBeCompressed() throws {
    var random = RandomStream(seed: 1, .background)
    let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let path = folder.file("noise.gz")
    var file = try OutputFile(path: path, replacing: false)
    try file.write(noise)
    try file.commit()
    #expect(try contents(of: path, step: 1 << 16) == noise)
    #expect(try output(of: "gzip", "-t", path) != nil)
  }

  /// bgzip is the oracle; twice the same bytes, since results must not change from run to run.
  @Test func compressesSoThatGzipReadsIt() throws {
    let lines = (0..<50_000).map { "chr1\t\($0)\t\($0 + 1)\n" }
    var files: [[UInt8]] = []
    for name in ["a.gz", "b.gz"] {
      var output = try OutputFile(
        path: folder.file(name), replacing: false, compression: .init(path: name))
      for line in lines { try output.write(line) }
      try output.commit()
      files.append(try bytes(ofFile: folder.file(name)))
    }
    #expect(files[0] == files[1])
    // The empty block that ends a BGZF file (SAM specification, section 4.1.2).
    #expect(
      files[0].suffix(28) == [
        0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0,
        0, 0, 0, 0,
      ])
    guard let text = try output(of: "bgzip", "-dc", folder.file("a.gz")) else { return }
    #expect(text == lines.joined())
  }
}
