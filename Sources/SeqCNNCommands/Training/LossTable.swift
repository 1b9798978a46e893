internal import GenomicsIO
internal import Synchronization
internal import Training

/// The losses of each network's epochs, `history.tsv`, which is written anew while training goes on.
final class LossTable: Sendable {
  private let path: String
  private let epochs = Mutex<[Int: [EpochRecord]]>([:])

  init(path: String) { self.path = path }

  /// Writes the table with the epochs of a network that are done.
  ///
  /// - Throws: `OutputError`.
  func replace(_ own: [EpochRecord], of network: Int) throws {
    try epochs.withLock { epochs in
      epochs[network] = own
      var file = try OutputFile(path: path, replacing: true)
      try file.write(Self.text(epochs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
      try file.commit()
    }
  }

  /// The table of some networks, numbered from 0.
  static func text(_ histories: [(network: Int, epochs: [EpochRecord])]) -> String {
    var text = "network\tepoch\tlearning_rate\ttraining_loss\tvalidation_loss\tvalidation_auroc\n"
    for (network, epochs) in histories {
      for epoch in epochs {
        let area = epoch.validationAUROC.map { "\($0)" } ?? ""
        text += "\(network + 1)\t\(epoch.epoch)\t\(epoch.learningRate)\t\(epoch.trainingLoss)"
        text += "\t\(epoch.validationLoss)\t\(area)\n"
      }
    }
    return text
  }
}
