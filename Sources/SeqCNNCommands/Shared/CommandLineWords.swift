internal import ArgumentParser
internal import FoundationEssentials
internal import Genomics

/// The commands and options that there are, to read a command line with before the parser does, and to
/// tell what was mistyped in one that it refuses.
enum CommandLineWords {
  /// The program. Most command lines are parsed without a look at it.
  private static let root: Command = {
    let description = try? JSONDecoder().decode(
      Description.self, from: Data(SeqCNN._dumpHelp().utf8))
    return description?.command ?? Command(commandName: "", subcommands: nil, arguments: nil)
  }()

  /// As the parser describes itself.
  private struct Description: Decodable {
    let command: Command
  }

  private struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  private struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }
    enum NameKind: String, Decodable { case long, short, longWithSingleDash }
    struct Name: Decodable {
      let kind: NameKind
      let name: String
    }
    let kind: Kind
    let names: [Name]?
  }

  /// The commands that a command line names, outermost first.
  private static func path(of arguments: ArraySlice<String>) -> [Command] {
    var path = [root]
    for argument in arguments {
      if argument == "--" { break }
      guard
        let next = path[path.count - 1].subcommands?.first(where: { $0.commandName == argument })
      else { continue }
      path.append(next)
    }
    return path
  }

  /// The long options and flags, with their dashes, of the commands that a command line names.
  private static func longNames(
    for arguments: ArraySlice<String>, where isWanted: (Argument.Kind) -> Bool = { _ in true }
  ) -> [String] {
    var names: [String] = []
    for argument in path(of: arguments).flatMap({ $0.arguments ?? [] })
    where isWanted(argument.kind) {
      for name in argument.names ?? [] where name.kind == .long { names.append("--\(name.name)") }
    }
    return names
  }

  /// A command line in which each negative number behind an option that takes a value is joined to it:
  /// `--threshold -1` to `--threshold=-1`. The parser would take the number for an option.
  static func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
    guard arguments.contains(where: isNegativeNumber) else { return arguments }
    let options = Set(longNames(for: arguments[...]) { $0 == .option })
    var joined: [String] = []
    for (index, argument) in arguments.enumerated() {
      if argument == "--" { return joined + arguments[index...] }
      if let last = joined.last, options.contains(last), isNegativeNumber(argument) {
        joined[joined.count - 1] = "\(last)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
    return joined
  }

  private static func isNegativeNumber(_ text: String) -> Bool {
    guard text.utf8.first == UInt8(ascii: "-"), let second = text.utf8.dropFirst().first else {
      return false
    }
    // What begins like a number counts too, as `-1/3`: no option begins so.
    return second == UInt8(ascii: ".") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= second
      || Double(text) != nil
  }

  /// What is mistyped in a command line: a command that there isn't, or an option; in words.
  static func mistake(in arguments: [String]) -> String? {
    // Without its command no option is known.
    if let words = unknownCommand(in: arguments) { return words }
    return unknownOption(in: arguments).map { wrong, known in
      "Unknown option \(shown(wrong))" + suggestion(for: wrong, from: known)
    }
  }

  private static let builtIn = ["--help", "--version"]
  private static let hidden = [
    "--help-hidden", "--generate-completion-script", "--experimental-dump-help",
  ]

  private static func unknownOption(in arguments: [String]) -> (wrong: String, known: [String])? {
    let known = longNames(for: arguments[...]) + builtIn
    for argument in arguments {
      if argument == "--" { return nil }
      let name = String(argument.prefix { $0 != "=" })
      guard name.utf8.starts(with: "-".utf8), name.utf8.count > 2, !known.contains(name),
        !hidden.contains(name), !isNegativeNumber(name)
      else { continue }
      // Of words behind a single dash only those are looked at that are an option's.
      if name.utf8.starts(with: "--".utf8) || known.contains("-" + name) { return (name, known) }
    }
    return nil
  }

  /// The first word of a command line that should be a command and is none.
  private static func unknownCommand(in arguments: [String]) -> String? {
    let path = path(of: arguments[...])
    let commands = (path[path.count - 1].subcommands ?? []).map(\.commandName)
    // A command with subcommands may have arguments of its own, as `scan` has.
    guard !commands.isEmpty,
      path[path.count - 1].arguments?.contains(where: { $0.kind == .option }) != true
    else { return nil }
    let index = path.count - 1
    guard index < arguments.count, arguments[index].utf8.first != UInt8(ascii: "-") else {
      return nil
    }
    let command = (["seqcnn"] + path.dropFirst().map(\.commandName)).joined(separator: " ")
    return "Unexpected argument \(shown(arguments[index])); `\(command) --help` lists the commands"
      + suggestion(for: arguments[index], from: commands)
  }

  private static func shown(_ text: String) -> String {
    "'\(text.count > 60 ? text.prefix(57).description.escapedForTerminal + "..." : text.escapedForTerminal)'"
  }

  private static func suggestion(for text: String, from known: [String]) -> String {
    nearest(to: text, in: known).map { ". Did you mean '\($0)'?" } ?? ""
  }

  /// The known word that a mistyped one was most likely meant to be; `nil` if none is like it.
  static func nearest(to text: String, in known: [String]) -> String? {
    let word = text.lowercased()
    guard word.utf8.count <= 60 else { return nil }
    if let begun = known.filter({ $0.hasPrefix(word) && word.utf8.count > 3 }).min(by: {
      $0.count < $1.count
    }) {
      return begun
    }
    let bare = String(word.drop { $0 == "-" })
    let ranked = known.map { name -> (name: String, distance: Int, limit: Int) in
      let own = String(name.drop { $0 == "-" })
      return (name, edits(from: Array(bare), to: Array(own)), max(1, min(3, own.count / 2)))
    }
    return ranked.filter { $0.distance <= $0.limit }.min { $0.distance < $1.distance }?.name
  }

  /// The least number of letters to insert, delete, replace or swap with the next (optimal string
  /// alignment).
  private static func edits(from first: [Character], to second: [Character]) -> Int {
    var rows = [Array(0...second.count)]
    for (i, letter) in first.enumerated() {
      var row = [i + 1]
      for (j, other) in second.enumerated() {
        var least = min(
          rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == second[j - 1], first[i - 1] == other {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[first.count][second.count]
  }
}
