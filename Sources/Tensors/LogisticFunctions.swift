import Glibc

/// The probability of a logit, `1 / (1 + e^-x)`.
public func sigmoid(_ logit: Float) -> Float {
  Float(1 / (1 + exp(-Double(logit))))
}

/// `log(1 + e^x)`, without overflow.
public func softplus(_ value: Double) -> Double {
  max(value, 0) + log1p(exp(-abs(value)))
}

/// The logit of a probability, `log(p / (1 - p))`: infinite at 0 and 1 and beyond.
public func logit(_ probability: Float) -> Float {
  guard probability > 0 else { return -.infinity }
  guard probability < 1 else { return .infinity }
  return Float(log(Double(probability) / (1 - Double(probability))))
}
