import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct OutputTransactionTests: ~Copyable {
  let folder = TemporaryFolder()

  private func finished(_ name: String, _ text: String) throws -> FinishedOutput {
    var output = try OutputFile(path: folder.file(name), replacing: true)
    try output.write(text)
    return try output.finish()
  }

  @Test func outputsAppearTogether() throws {
    folder.file("index", holding: "old")
    var outputs = OutputTransaction()
    outputs.add(try finished("a", "first"))
    outputs.add(try finished("b", "second"))
    outputs.remove(folder.file("index"))
    outputs.remove(folder.file("none"))
    #expect(try folder.names == [".a.seqcnn-tmp", ".b.seqcnn-tmp", "index"])
    try outputs.commit()
    #expect(try folder.names == ["a", "b"])
    #expect(try text(ofFile: folder.file("b")) == "second")
  }

  @Test func whatIsNotCommittedGoes() throws {
    do {
      var outputs = OutputTransaction()
      outputs.add(try finished("a", "first"))
    }
    #expect(try folder.names == [])
  }

  /// A folder that has come into the place of the last output keeps it from getting its name.
  @Test func aFailureLeavesAllAsItWas() throws {
    folder.file("old", holding: "before")
    folder.file("index", holding: "of before")
    var outputs: OutputTransaction? = OutputTransaction()
    outputs?.remove(folder.file("index"))
    outputs?.add(try finished("new", "1"))
    outputs?.add(try finished("old", "2"))
    outputs?.add(try finished("index", "of 2"))
    outputs?.add(try finished("blocked", "3"))
    try FileManager.default.createDirectory(
      atPath: folder.file("blocked"), withIntermediateDirectories: false)
    let error = #expect(throws: OutputError.self) { try outputs?.commit() }
    #expect(error?.file == folder.file("blocked") && error?.kind == .inputOutput)
    outputs = nil
    #expect(try folder.names == ["blocked", "index", "old"])
    #expect(try text(ofFile: folder.file("old")) == "before")
    #expect(try text(ofFile: folder.file("index")) == "of before")
  }

  /// What was killed in the middle of a commit left an old file under its other name.
  @Test func takesOverWhatAKilledCommitLeft() throws {
    folder.file("a", holding: "old")
    folder.file(".a.seqcnn-old", holding: "older")
    try finished("a", "new").commit()
    #expect(try folder.names == ["a"])
    #expect(try text(ofFile: folder.file("a")) == "new")
  }

  @Test(arguments: [0o600, 0o640, 0o444, 0o755]) func aReplacedFileKeepsItsMode(mode: Int) throws {
    let path = folder.file("a", holding: "old")
    #expect(chmod(path, mode_t(mode)) == 0)
    try finished("a", "new").commit()
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o7777 == mode_t(mode))
    #expect(try text(ofFile: path) == "new")
  }

  /// Nobody may read a secret's successor while it is written.
  @Test func theTemporaryFileIsNoMoreOpen() throws {
    #expect(chmod(folder.file("a", holding: "old"), 0o600) == 0)
    let output = try OutputFile(path: folder.file("a"), replacing: true)
    var status = stat()
    #expect(stat(folder.file(".a.seqcnn-tmp"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    try output.commit()
  }

  @Test func aDanglingLinkIsRefused() throws {
    let path = folder.file("link")
    #expect(symlink("nowhere", path) == 0)
    for replacing in [false, true] {
      #expect(throws: OutputError(file: path, .danglingLink)) {
        _ = try OutputFile(path: path, replacing: replacing)
      }
    }
    #expect(try folder.names == ["link"])
  }

  /// A temporary name that leads to a file of somebody else must not be followed, nor written to.
  @Test func foreignTemporaryFilesAreLeftAlone() throws {
    let (path, temporary) = (folder.file("a"), folder.file(".a.seqcnn-tmp"))
    let victim = folder.file("victim", holding: "precious")
    for plant in [
      { symlink(victim, temporary) }, { link(victim, temporary) }, { mkfifo(temporary, 0o600) },
      { mkdir(temporary, 0o700) },
    ] {
      #expect(plant() == 0)
      #expect(throws: OutputError(file: path, .notOurs(temporary))) {
        _ = try OutputFile(path: path, replacing: true)
      }
      #expect(try text(ofFile: victim) == "precious")
      #expect(try folder.names == [".a.seqcnn-tmp", "victim"])
      #expect(remove(temporary) == 0)
    }
  }

  /// What a killed run left is another file afterwards: nobody who has it open sees the new bytes.
  @Test func leftoversAreMadeAnew() throws {
    let temporary = folder.file(".a.seqcnn-tmp", holding: "half")
    #expect(chmod(temporary, 0o666) == 0)
    let reader = try #require(FileHandle(forReadingAtPath: temporary))
    try finished("a", "whole").commit()
    #expect(try reader.readToEnd() == Data("half".utf8))
  }
}

@Suite struct FolderTests: ~Copyable {
  let folder = TemporaryFolder()

  /// More files than a process may have open.
  @Test func aFolderTakesManyFiles() async throws {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 64, rlim_max: 64)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let folder = TemporaryFolder()
      let directory = try OutputDirectory(path: folder.file("run"), replacing: false)
      var outputs = OutputTransaction()
      for number in 0..<100 {
        var file = try directory.file(named: "\(number)")
        try file.write("\(number)")
        outputs.add(try file.finish())
      }
      try directory.commit(outputs)
      let text = try text(ofFile: folder.file("run/99"))
      #expect(text == "99")
    }
  }

  /// A folder that isn't empty is called so, one that can't be read is not.
  @Test func aFolderThatCannotBeListedIsNotCalledFull() async throws {
    await #expect(processExitsWith: .success) {
      let folder = TemporaryFolder()
      var limit = rlimit(rlim_cur: 64, rlim_max: 64)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      while case let descriptor = open("/dev/null", O_RDONLY), descriptor >= 0, descriptor < 62 {}
      let error = #expect(throws: OutputError.self) {
        _ = try OutputDirectory(path: folder.path, replacing: false)
      }
      #expect(error?.problem == .notListed(code: EMFILE))
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names == [] || names == nil)
    }
  }
}
