#pragma once

#include "dispatch.h"

INLINE float sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f; }

INLINE void KERNEL(descend_in)(const DescentStep s, int64_t first, int64_t end, const float *restrict gradient,
                               float *restrict velocity, float *restrict weights) {
  for (int64_t i = first; i < end; ++i) {
    const float move = s.rate * (gradient[i] + s.l2 * weights[i] + s.l1 * sign(weights[i]));
    velocity[i] = s.momentum * velocity[i] - move;
    weights[i] += s.nesterov ? s.momentum * velocity[i] - move : velocity[i];
  }
}

// From the first cache line that is all weights on: a vector that lies in two lines takes twice as long.
static void KERNEL(descend)(const DescentStep *step, int64_t count, const float *restrict gradient,
                            float *restrict velocity, float *restrict weights) {
  const int64_t ahead = (int64_t)(-(uintptr_t)weights % MOTIF_ALIGNMENT / sizeof(float));
  const int64_t first = ahead < count ? ahead : count;
  KERNEL(descend_in)(*step, 0, first, gradient, velocity, weights);
  KERNEL(descend_in)(*step, first, count, gradient, velocity, weights);
}

static void KERNEL(adapt)(const AdamStep *step, int64_t count, const float *restrict gradient, float *restrict first,
                          float *restrict second, float *restrict weights) {
  const AdamStep s = *step;
  for (int64_t i = 0; i < count; ++i) {
    const float weight = weights[i], slope = gradient[i] + (s.slope_l2 * weight + s.slope_l1 * sign(weight));
    first[i] = s.first_decay * first[i] + (1 - s.first_decay) * slope;
    second[i] = s.second_decay * second[i] + (1 - s.second_decay) * slope * slope;
    const float stride =
        first[i] * s.first_correction / (__builtin_sqrtf(second[i] * s.second_correction) + s.epsilon);
    weights[i] = weight - s.rate * (stride + s.l2 * weight + s.l1 * sign(weight));
  }
}

static void KERNEL(descend_by_root)(const RootStep *step, int64_t count, const float *restrict gradient,
                                    float *restrict velocity, float *restrict squares, float *restrict weights) {
  const RootStep s = *step;
  for (int64_t i = 0; i < count; ++i) {
    const float slope = gradient[i] + (s.l2 * weights[i] + s.l1 * sign(weights[i]));
    squares[i] = s.decay * squares[i] + (1 - s.decay) * slope * slope;
    velocity[i] = s.momentum * velocity[i] + slope / (__builtin_sqrtf(squares[i]) + s.epsilon);
    weights[i] -= s.rate * velocity[i];
  }
}
