/// Maps the names that one file gives sequences to the names that another gives the same ones:
/// `chr20` and `20`, `chrM`, `M` and `MT`.
public struct SequenceNaming: Sendable {
  private let known: Set<String>

  /// - Parameter known: The names to map to: those of the genome.
  public init(known: [String]) {
    self.known = Set(known)
  }

  /// The known name of the sequence that `name` names.
  ///
  /// - Returns: `name` itself if it is known; else the one known name that means the same;
  ///   `nil` if there is none, or more than one.
  public func resolve(_ name: String) -> String? {
    if known.contains(name) { return name }
    let matches = Self.synonyms(of: name).filter(known.contains)
    return matches.count == 1 ? matches[0] : nil
  }

  /// Says which names stand for which: `names mapped: chr20 → 20`.
  ///
  /// - Returns: `nil` if every name is known as it is, or not at all.
  public func explanation(of names: some Sequence<String>) -> String? {
    var seen: Set<String> = []
    let mapped = names.compactMap { name -> String? in
      guard seen.insert(name).inserted, let target = resolve(name), target != name else {
        return nil
      }
      return "\(name.escapedForTerminal) → \(target.escapedForTerminal)"
    }
    guard !mapped.isEmpty else { return nil }
    let others = mapped.count > 3 ? " and \(mapped.count - 3) more" : ""
    return "names mapped: \(mapped.prefix(3).joined(separator: ", "))\(others)"
  }

  private static func synonyms(of name: String) -> [String] {
    let mitochondrial = ["chrM", "M", "MT", "chrMT"]
    if mitochondrial.contains(name) { return mitochondrial }
    if name.hasPrefix("chr") && name != "chr" { return [String(name.dropFirst(3))] }
    return name.isEmpty ? [] : ["chr" + name]
  }
}
