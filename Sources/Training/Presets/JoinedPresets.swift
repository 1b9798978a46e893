internal import Networks

// Networks beside a k-mer table, the defaults of `train`.
extension Recipe {
  static var standard: Recipe {
    Recipe(
      network: .standard, training: .standard,
      selection: PeakSelection(strongest: 5000, halfWeightRank: 500, negativesPerPositive: 4),
      ensemble: EnsembleConfiguration(networks: 3, gappedKmers: true, refit: true))
  }

  static var sites: Recipe {
    Recipe(
      network: .sites, training: .standard,
      selection: PeakSelection(
        strongest: 5000, halfWeightRank: 500, negativesPerPositive: 50,
        leastNegatives: 25_000, mostNegatives: 50_000,
        randomNegatives: true),
      ensemble: EnsembleConfiguration(
        networks: 3, extraWidths: [0, 8], knownMotifs: 24, gappedKmers: true,
        settlesKmers: true, refit: true))
  }
}
