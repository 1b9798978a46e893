#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The probability of a logit, `1 / (1 + e^-x)`.
public func sigmoid(_ logit: Float) -> Float {
  Float(1 / (1 + exp(-Double(logit))))
}

/// `log(1 + e^x)`, without overflow.
public func softplus(_ value: Double) -> Double {
  max(value, 0) + log1p(exp(-abs(value)))
}
