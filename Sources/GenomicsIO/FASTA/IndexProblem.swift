public import Genomics

/// What can be wrong with an index beside a genome.
public enum IndexProblem: InputProblem {
  /// Not of the format.
  case malformed
  /// Of another file than the one it stands beside.
  case stale(what: String)

  public var description: String {
    switch self {
    case .malformed: "is not a sound index; delete it or make it again with samtools faidx"
    case .stale(let what):
      "\(what), so it is the index of another file; delete it or make it again with samtools faidx"
    }
  }
}

public typealias IndexError = InputError<IndexProblem>
