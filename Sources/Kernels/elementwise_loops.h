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

// Products and sums are rounded each, so that the bits are those of any processor.
static void KERNEL(add_scaled)(const float *restrict values, int64_t rows, const float *restrict factors,
                               int64_t columns, float *restrict sum) {
#pragma clang fp contract(off)
  if (columns == 1) {
    for (int64_t row = 0; row < rows; ++row) sum[row] += factors[0] * values[row];
    return;
  }
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column)
      sum[row * columns + column] += factors[column] * values[row * columns + column];
}
