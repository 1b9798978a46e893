import Parallel
import Tensors

// What run.sh sets beside other programs: networks on random sequences, motifs along a stretch of a genome.
//
//     seqcnn-bench networks                       the names of the networks
//     seqcnn-bench network NAME THREADS SECONDS   sequences a second, training and inference
//     seqcnn-bench growth SECONDS                 how the cost of a sequence grows
//     seqcnn-bench motifs MEME COUNT FASTA SECONDS   motif positions a second
//     seqcnn-bench tail MODEL genome|sequences FASTA WINDOWS   how true p-values are
//
// Each rate comes from the median of repeated passes that take SECONDS together, after one to warm up.

let arguments = Array(CommandLine.arguments.dropFirst())
// As the program does.
keepFreedMemory()

switch arguments.first {
case "networks" where arguments.count == 1:
  for workload in workloads { print(workload.name) }
case "network" where arguments.count == 4:
  guard let workload = workloads.first(where: { $0.name == arguments[1] }) else {
    preconditionFailure("no network \(arguments[1])")
  }
  let times = try workload.times(threads: count(arguments[2]), seconds: seconds(arguments[3]))
  print(Int(1 / times.training), Int(1 / times.inference), separator: "\t")
case "growth" where arguments.count == 2:
  try measureGrowth(seconds: seconds(arguments[1]))
case "motifs" where arguments.count == 5:
  try measureMotifs(
    memePath: arguments[1], count: count(arguments[2]), fastaPath: arguments[3],
    seconds: seconds(arguments[4]))
case "tail" where arguments.count == 5:
  try measureTail(
    modelPath: arguments[1], sources: arguments[3], isGenome: arguments[2] == "genome",
    windows: count(arguments[4]))
default:
  preconditionFailure("usage: the first lines of scripts/bench/main.swift")
}

func count(_ text: String) -> Int {
  guard let value = Int(text), value > 0 else { preconditionFailure("\(text) is no count") }
  return value
}

func seconds(_ text: String) -> Double {
  guard let value = Double(text), value >= 0 else { preconditionFailure("\(text) is no time") }
  return value
}
