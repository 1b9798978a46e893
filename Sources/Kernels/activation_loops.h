#pragma once

#include "function_lanes.h"

INLINE Lanes activated(ActivationFunction function, Lanes x) {
  switch (function) {
    case ACTIVATION_EXPONENTIAL: return exponential(x);
    case ACTIVATION_TANH: return hyperbolic_tangent(x);
    case ACTIVATION_SIGMOID: return logistic(x);
    case ACTIVATION_SOFTPLUS: return soft_plus(x);
    case ACTIVATION_GELU: return x * normal_distribution(x, exponential(-0.5f * x * x));
    case ACTIVATION_SILU: return x * logistic(x);
  }
}

// The slope at x, whose function is y.
INLINE Lanes activation_slope(ActivationFunction function, Lanes x, Lanes y) {
  switch (function) {
    case ACTIVATION_EXPONENTIAL: return y;
    case ACTIVATION_TANH: return 1.0f - y * y;
    case ACTIVATION_SIGMOID: return y * (1.0f - y);
    case ACTIVATION_SOFTPLUS: return logistic(x);
    case ACTIVATION_GELU: {
      const Lanes exponent = exponential(-0.5f * x * x);
      return normal_distribution(x, exponent) + x * exponent * 0.39894228f;
    }
    case ACTIVATION_SILU: {
      const Lanes share = logistic(x);
      return share + y * (1.0f - share);
    }
  }
}

INLINE void activate_by(ActivationFunction function, const float *values, int64_t count, float *output) {
  for (int64_t i = 0; i < count; i += MOTIF_LANES) {
    const int32_t some = (int32_t)(count - i < MOTIF_LANES ? count - i : MOTIF_LANES);
    store_some(some, output + i, activated(function, load_some(some, values + i)));
  }
}

INLINE void pass_back_by(ActivationFunction function, const float *values, const float *results, const float *gradient,
                         int64_t count, float *output) {
  for (int64_t i = 0; i < count; i += MOTIF_LANES) {
    const int32_t some = (int32_t)(count - i < MOTIF_LANES ? count - i : MOTIF_LANES);
    const Lanes slope = activation_slope(function, load_some(some, values + i), load_some(some, results + i));
    store_some(some, output + i, load_some(some, gradient + i) * slope);
  }
}

// Calls a loop that is compiled for each function by itself.
#define FOR_FUNCTION(LOOP, ...)                                                      \
  switch (function) {                                                                \
    case ACTIVATION_EXPONENTIAL: LOOP(ACTIVATION_EXPONENTIAL, __VA_ARGS__); break;   \
    case ACTIVATION_TANH: LOOP(ACTIVATION_TANH, __VA_ARGS__); break;                 \
    case ACTIVATION_SIGMOID: LOOP(ACTIVATION_SIGMOID, __VA_ARGS__); break;           \
    case ACTIVATION_SOFTPLUS: LOOP(ACTIVATION_SOFTPLUS, __VA_ARGS__); break;         \
    case ACTIVATION_GELU: LOOP(ACTIVATION_GELU, __VA_ARGS__); break;                 \
    case ACTIVATION_SILU: LOOP(ACTIVATION_SILU, __VA_ARGS__); break;                 \
  }

static void KERNEL(activate)(ActivationFunction function, const float *values, int64_t count, float *output) {
  FOR_FUNCTION(activate_by, values, count, output)
}

static void KERNEL(activation_gradient)(ActivationFunction function, const float *values, const float *results,
                                        const float *gradient, int64_t count, float *output) {
  FOR_FUNCTION(pass_back_by, values, results, gradient, count, output)
}
