import Genomics
import GenomicsIO
import Glibc
import TestSupport
import Testing

/// A pipe can be read again once its digest was taken.
@Suite struct KeptPipesTests {
  /// Starts a program of the system that writes a file to a pipe with a name.
  private func pipe(of bytes: [UInt8], named name: String, in folder: borrowing TemporaryFolder)
    -> String
  {
    let (file, pipe) = (folder.write(bytes, to: name + ".bytes"), "\(folder.path)/\(name)")
    precondition(mkfifo(pipe, 0o600) == 0)
    let isStarted = system("cat '\(file)' > '\(pipe)' &") == 0
    precondition(isStarted)
    return pipe
  }

  @Test func peaksFromAPipe() throws {
    let folder = TemporaryFolder()
    let text = Array("chr1\t5\t9\tmy peak\n".utf8)
    let path = pipe(of: Gzip.member(text), named: "p", in: folder)
    let digest = try sha256(ofFile: path)
    #expect(digest == sha256(of: Gzip.member(text)))
    for _ in 0..<2 { #expect(try readPeaks(path).map(\.name) == ["my peak"]) }
    #expect(try sha256(ofFile: path) == digest)
  }

  /// Read in place then, as a file is: what lies on the far side of a block of gzip too.
  @Test(arguments: [false, true]) func genomesFromAPipe(isBlocked: Bool) throws {
    let folder = TemporaryFolder()
    let text = Array(">a\nACGT\nACGG\n>b\nTTTT\n".utf8)
    let path = pipe(
      of: isBlocked ? Gzip.blocked(text, blockLength: 7) : text, named: "g", in: folder)
    _ = try sha256(ofFile: path)
    let genome = try Genome(path: path)
    #expect(genome.sequences.map(\.length) == [8, 4])
    #expect(try genome.bases(in: GenomicInterval("a", start: 3, end: 8)).text == "TACGG")
    #expect(try readFASTA(path).count == 2)
  }
}
