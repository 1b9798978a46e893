import Foundation
import Genomics
import GenomicsIO
import TestSupport
import Testing

@Suite struct OutputDirectoryTests: ~Copyable {
  let folder = TemporaryFolder()

  @Test func isMadeAndLeftWithoutItsLock() throws {
    do {
      let directory = try OutputDirectory(path: folder.file("run"), replacing: false)
      #expect(directory.path(of: "metrics.json") == folder.file("run/metrics.json"))
      var output = try OutputFile(path: directory.path(of: "metrics.json"), replacing: false)
      try output.write("{}")
      try output.commit()
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("run"))
    #expect(names == ["metrics.json"])
  }

  @Test func goesWhenNothingWasPutInIt() throws {
    do {
      let directory = try OutputDirectory(path: folder.file("run"), replacing: false)
      #expect(try folder.names == ["run"])
      _ = directory.path
    }
    #expect(try folder.names == [])
  }

  @Test func secondRunIsBusy() throws {
    let path = folder.file("run")
    let first = try OutputDirectory(path: path, replacing: false)
    #expect(throws: OutputError(file: path, .busy)) {
      _ = try OutputDirectory(path: path, replacing: true)
    }
    #expect(throws: OutputError(file: path, .busy)) {
      _ = try OutputDirectory(path: path, replacing: false, resuming: true)
    }
    _ = first.path
  }

  @Test func refusesAFolderInUseUnlessTold() throws {
    folder.file("notes.txt", holding: "mine")
    let error = #expect(throws: OutputError.self) {
      _ = try OutputDirectory(path: folder.path, replacing: false)
    }
    #expect(error?.problem == .notEmpty)
    #expect(error?.kind == .cannotCreate)
    _ = try OutputDirectory(path: folder.path, replacing: true)
    _ = try OutputDirectory(path: folder.path, replacing: false, resuming: true)
    #expect(try folder.names == ["notes.txt"])
  }

  @Test func takesOverWhatAKilledRunLeft() throws {
    folder.file(".seqcnn-lock", holding: "")
    folder.file(".model.safetensors.seqcnn-tmp", holding: "half")
    _ = try OutputDirectory(path: folder.path, replacing: false)
  }

  @Test func refusesAFileAndAMissingParent() throws {
    let file = folder.file("file", holding: "")
    #expect(throws: OutputError(file: file, .isNoFolder)) {
      _ = try OutputDirectory(path: file, replacing: true)
    }
    let path = folder.file("none/run")
    #expect(throws: OutputError(file: path, .notCreated(code: ENOENT))) {
      _ = try OutputDirectory(path: path, replacing: false)
    }
  }

  /// What an earlier run numbered goes when the outputs appear; files of other names stay, and so do the run's own.
  @Test func numberedFilesAreReplaced() throws {
    let folder = TemporaryFolder()
    for name in ["map1.svg", "map2.svg", "map3.1.svg", "map.svg", "mapped.svg", "map2.txt"] {
      _ = folder.write("old", to: name)
    }
    let directory = try OutputDirectory(path: folder.path, replacing: true)
    var outputs = OutputTransaction()
    try directory.replaceNumbered("map", ending: ".svg", in: &outputs)
    var file = try directory.file(named: "map1.svg")
    try file.write("new")
    outputs.add(try file.finish())
    try directory.commit(outputs)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.hasPrefix(".") }
    #expect(left.sorted() == ["map1.svg", "map2.txt", "mapped.svg"])
    #expect(try String(contentsOfFile: folder.path + "/map1.svg", encoding: .utf8) == "new")
  }
}
