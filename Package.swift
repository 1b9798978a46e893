// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Whole 512-bit vectors where there are any: clang's own choice for AVX-512 is to split each in two.
#if arch(x86_64)
  let wideVectors = ["-mprefer-vector-width=512"]
#else
  let wideVectors: [String] = []
#endif

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// Tests aren't optimized in release builds either: what they test is, and optimizing them takes as long
/// as building the program.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: goldens[name] ?? [],
    swiftSettings: strict + [.unsafeFlags(["-Onone"])])
}

/// Folders of expected results beside the tests that read them by path.
let goldens: [String: [String]] = [
  "CommandTests": ["Goldens"],
  "GenomicsIOTests": ["FASTA/Goldens"], "InferenceTests": ["Goldens"], "LayersTests": ["Goldens"],
  "MotifsTests": ["Goldens"], "NetworksTests": ["Goldens"],
  "TrainingTests": ["Goldens"],
]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "seqcnn",
  products: [.executable(name: "seqcnn", targets: ["seqcnn"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    .systemLibrary(name: "CHTSlib", pkgConfig: "htslib", providers: [.apt(["libhts-dev"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CBigWig", providers: [.apt(["libbigwig-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // The inner loops are optimized in debug builds too: tests would crawl otherwise.
    .target(
      name: "Kernels",
      cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-Wno-psabi"] + wideVectors)]),
    // Names for the motifs that training finds: motifs/ as a part of the program.
    .target(name: "MotifData", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    library("Genomics", []),
    library("Parallel", ["Genomics", "Kernels"]),
    library(
      "GenomicsIO",
      ["Genomics", "Parallel", "MotifData", "CHTSlib", "CDeflate", "CZlib", "CCrypto"]),
    library("Tensors", ["Genomics", "Kernels", "Parallel"]),
    library("Datasets", ["Genomics", "Parallel", "GenomicsIO", "Tensors"]),
    library("Motifs", ["Genomics", "Parallel", "GenomicsIO", "Tensors"]),
    library("Layers", ["Genomics", "Tensors"]),
    library("Networks", ["Genomics", "Parallel", "Tensors", "Datasets", "Layers"]),
    library(
      "Models",
      ["Genomics", "Parallel", "GenomicsIO", "Tensors", "Datasets", "Layers", "Networks"]),
    library(
      "Evaluation", ["Genomics", "Parallel", "Tensors", "Datasets", "Networks", "Models"]),
    library(
      "Training",
      [
        "Genomics", "Parallel", "GenomicsIO", "Tensors", "Datasets", "Layers", "Networks",
        "Models", "Evaluation", "Motifs",
      ]),
    library(
      "Inference",
      [
        "Genomics", "Parallel", "GenomicsIO", "Tensors", "Datasets", "Layers", "Networks",
        "Models", "Evaluation", "Motifs",
      ]),
    library("Reports", ["Genomics", "GenomicsIO", "Motifs"]),
    library(
      "SeqCNNCommands",
      [
        "Genomics", "Parallel", "GenomicsIO", "Tensors", "Datasets", "Layers", "Networks",
        "Models", "Evaluation", "Training", "Motifs", "Inference", "Reports", argumentParser,
      ]),
    .executableTarget(name: "seqcnn", dependencies: ["SeqCNNCommands"], swiftSettings: strict),
    .executableTarget(
      name: "seqcnn-example",
      dependencies: [
        "Datasets", "Evaluation", "Genomics", "Inference", "Models", "Networks", "Tensors",
        "Training",
      ],
      path: "docs/example", swiftSettings: strict),
    .executableTarget(
      name: "seqcnn-bench",
      dependencies: [
        "Genomics", "Parallel", "GenomicsIO", "Tensors", "Datasets", "Layers", "Networks",
        "Models", "Training", "Motifs", "Inference",
      ],
      path: "scripts/bench",
      exclude: [
        "run.sh", "compare.py", "deep_networks.py", "held_out_sites.py", "lengths.py",
        "motif_scan.py",
        "motif_scanners.py",
        "networks.py", "peak.c", "pytorch_rates.py", "report.py", "sites.json", "timing.py",
        "two_conditions.py",
      ],
      swiftSettings: strict),
    .target(
      name: "TestSupport", dependencies: ["Genomics", "Tensors", "Datasets", "Layers", "Networks"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests("GenomicsTests", ["Genomics"]),
    tests("GenomicsIOTests", ["Genomics", "GenomicsIO", "CBigWig", "TestSupport"]),
    tests("KernelsTests", ["Genomics", "Kernels", "Tensors"]),
    tests("ParallelTests", ["Genomics", "Parallel", "TestSupport"]),
    tests("TensorsTests", ["Genomics", "Parallel", "Tensors", "TestSupport"]),
    tests("DatasetsTests", ["Genomics", "GenomicsIO", "Tensors", "Datasets", "TestSupport"]),
    tests("LayersTests", ["Genomics", "Tensors", "Layers", "TestSupport"]),
    tests(
      "NetworksTests",
      ["Genomics", "Tensors", "Datasets", "Layers", "Networks", "Models", "TestSupport"]),
    tests(
      "ModelsTests",
      ["Genomics", "Tensors", "Datasets", "Layers", "Networks", "Models", "TestSupport"]),
    tests(
      "EvaluationTests",
      [
        "Genomics", "Tensors", "Datasets", "Networks", "Models", "Evaluation", "Training",
        "TestSupport",
      ]),
    tests(
      "TrainingTests",
      [
        "Genomics", "Parallel", "Tensors", "Datasets", "Layers", "Networks", "Models",
        "Evaluation", "Training", "Motifs", "TestSupport",
      ]),
    tests("MotifsTests", ["Genomics", "GenomicsIO", "Tensors", "Motifs", "TestSupport"]),
    tests(
      "InferenceTests",
      [
        "Genomics", "GenomicsIO", "Tensors", "Datasets", "Layers", "Networks", "Models",
        "Motifs", "Inference", "TestSupport",
      ]),
    tests("ReportsTests", ["Genomics", "Motifs", "Reports"]),
    tests("CommandTests", ["seqcnn", "TestSupport"]),
  ]
)
