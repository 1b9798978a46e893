import Foundation

/// A file of `Goldens`; `scripts/goldens/training.py` says how it was made.
package func golden<Contents: Decodable>(_ name: String) throws -> Contents {
  let path = packageRoot + "/Tests/TrainingTests/Goldens/" + name
  return try JSONDecoder().decode(
    Contents.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
}
