#pragma once

#include "lanes.h"

static void KERNEL(rectify)(const float *values, int64_t count, float *output) {
  int64_t i = 0;
  for (; i + MOTIF_LANES <= count; i += MOTIF_LANES) {
    const Lanes value = *(const Lanes *)(values + i);
    *(Lanes *)(output + i) = rectified(value);
  }
  for (; i < count; ++i) output[i] = values[i] > 0 ? values[i] : 0;
}

static void KERNEL(mask_positive)(const float *restrict values, const float *restrict mask, int64_t count,
                                  float *restrict output) {
  for (int64_t i = 0; i < count; ++i) output[i] = mask[i] > 0 ? values[i] : 0;
}

static void KERNEL(multiply_each)(const float *restrict a, const float *restrict b, int64_t count,
                                  float *restrict output) {
  for (int64_t i = 0; i < count; ++i) output[i] = a[i] * b[i];
}

static void KERNEL(add_each)(const float *restrict addend, int64_t count, float *restrict sum) {
  for (int64_t i = 0; i < count; ++i) sum[i] += addend[i];
}
