import Foundation
import Kernels
import Tensors
import Testing

/// A kind of processor that kernels are compiled for.
enum KernelLevel: Int32, CaseIterable {
  case baseline, avx2, avx512

  /// The kernels of the level; cancels the test case where the processor can't run them.
  func kernels() throws -> KernelSet {
    guard let kernels = kernels_at(rawValue) else {
      try Test.cancel("this processor can't run kernels for \(self)")
    }
    return kernels.pointee
  }
}

@Suite struct KernelLevelTests {
  @Test func namesEveryLevel() {
    #expect(KernelLevel.allCases.count == Int(KERNEL_LEVELS))
    #expect(kernels_at(-1) == nil)
    #expect(kernels_at(KERNEL_LEVELS) == nil)
    #expect(kernels_at(0) != nil)
  }

  #if os(Linux) && arch(x86_64)
    /// The kernel's own list of what the processor can do.
    @Test(arguments: [
      (KernelLevel.avx2, ["avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"]),
      (.avx512, ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
    ]) func followsTheProcessor(level: KernelLevel, flags: [String]) throws {
      let lines = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8).split(
        separator: "\n")
      let known = try #require(lines.first { $0.hasPrefix("flags") }).split(separator: " ")
      let canRun = flags.allSatisfy { known.contains(Substring($0)) }
      #expect((kernels_at(level.rawValue) != nil) == canRun)
      if !canRun {
        Issue.record("this processor leaves kernels for \(level) untested", severity: .warning)
      }
    }
  #endif
}

@Suite struct MatrixLibraryTests {
  /// OpenBLAS knows no processor newer than itself: what this one can do decides, unless a user does.
  @Test func kernelsFollowTheProcessor() {
    let best = [(KernelLevel.avx512, "SkylakeX"), (.avx2, "Haswell")].first {
      kernels_at($0.0.rawValue) != nil
    }
    // Set by the library too, once it is loaded.
    let chosen = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
    guard let best, chosen == nil || chosen == best.1 else { return }
    #expect(blasKernelName == best.1)
  }
}
