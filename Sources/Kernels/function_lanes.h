// Exponentials and what is made of them, of vectors of numbers: by series and fractions whose coefficients are rational,
// so that a number has the same bits on every machine with fused multiply-adds.

#pragma once

#include "lanes.h"

INLINE Lanes absolute(Lanes x) { return (Lanes)((IntLanes)x & splat(0x7fffffff)); }

// `magnitude`, which isn't negative, with the sign of x.
INLINE Lanes signed_as(Lanes x, Lanes magnitude) {
  return (Lanes)((IntLanes)magnitude | ((IntLanes)x & splat((int32_t)0x80000000)));
}

// e^x, to 2 units in the last place; 0 where that is below the smallest normal number.
// e^x = 2^n e^r, where n is the whole number next to x / log 2; e^r by its Taylor series, |r| < 0.35.
INLINE Lanes exponential(Lanes x) {
  const float lowest = -87.33654f, highest = 88.72283f;
  const float magic = 12582912.0f;  // 3 * 2^22: what is added to it loses its fraction, and the last bits hold the rest
  Lanes t = select_lanes(x < lowest, splat_float(lowest), x);
  t = select_lanes(x > highest, splat_float(highest), t);
  const Lanes shifted = t * 1.44269504f + magic;
  const Lanes n = shifted - magic;
  // log 2 as two numbers, the first of which times n is exact.
  const Lanes r = (t - n * 0.693359375f) + n * 2.12194440e-4f;
  Lanes series = 1.0f / 5040 * r + 1.0f / 720;
  series = series * r + 1.0f / 120;
  series = series * r + 1.0f / 24;
  series = series * r + 1.0f / 6;
  series = series * r + 0.5f;
  series = series * r * r + (r + 1.0f);
  const Lanes result = (Lanes)((IntLanes)series + ((IntLanes)shifted << 23));
  return select_lanes(x > highest, splat_float(__builtin_inff()),
                      select_lanes(x < lowest, splat_float(0), result));
}

INLINE Lanes logistic(Lanes x) { return 1.0f / (1.0f + exponential(-x)); }

// tanh x, to 3 units in the last place: small numbers by Lambert's continued fraction (1770) to the fifth term.
INLINE Lanes hyperbolic_tangent(Lanes x) {
  const Lanes size = absolute(x), square = x * x;
  const Lanes fraction = size * ((square + 105.0f) * square + 945.0f) / ((15.0f * square + 420.0f) * square + 945.0f);
  const Lanes large = 1.0f - 2.0f / (exponential(2.0f * size) + 1.0f);
  return signed_as(x, select_lanes(size < 0.625f, fraction, large));
}

// log(1 + e^x) = max(0, x) + log(1 + e^-|x|), the logarithm as 2 artanh(u / (2 + u)), by its Taylor series.
INLINE Lanes soft_plus(Lanes x) {
  const Lanes u = exponential(-absolute(x)), s = u / (2.0f + u), square = s * s;
  Lanes series = 2.0f / 13 * square + 2.0f / 11;
  series = series * square + 2.0f / 9;
  series = series * square + 2.0f / 7;
  series = series * square + 2.0f / 5;
  series = series * square + 2.0f / 3;
  series = series * square + 2.0f;
  return rectified(x) + series * s;
}

// The distribution function of the standard normal distribution, to 1e-7 (Abramowitz & Stegun 1964, 7.1.26).
// `exponent` is e^(-x^2 / 2).
INLINE Lanes normal_distribution(Lanes x, Lanes exponent) {
  const Lanes t = 1.0f / (1.0f + 0.3275911f * 0.70710678f * absolute(x));
  Lanes tail = 1.061405429f * t - 1.453152027f;
  tail = tail * t + 1.421413741f;
  tail = tail * t - 0.284496736f;
  tail = (tail * t + 0.254829592f) * t * exponent * 0.5f;
  return select_lanes(x < 0, tail, 1.0f - tail);
}
