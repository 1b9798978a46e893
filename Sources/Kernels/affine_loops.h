#pragma once

#include "lanes.h"

// Rows computed at a time, beside two vectors of columns: enough sums in registers to hide the latency of a
// multiply-add, and fewer loads than multiply-adds.
#define TILE_ROWS 6

// `vectors` vectors of columns of `rows` rows; `weight` has `stride` floats a row.
INLINE void tile(const float *input, int64_t rows, int32_t inputs, const float *weight, int64_t stride,
                 const float *bias, int32_t vectors, Lanes sums[TILE_ROWS][2]) {
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t v = 0; v < vectors; ++v) sums[row][v] = *(const Lanes *)(bias + v * MOTIF_LANES);
  for (int32_t k = 0; k < inputs; ++k)
    for (int64_t row = 0; row < rows; ++row)
      for (int32_t v = 0; v < vectors; ++v)
        sums[row][v] += input[row * inputs + k] * *(const Lanes *)(weight + k * stride + v * MOTIF_LANES);
}

// The first `columns` of those vectors in all rows.
INLINE void columns_of(const Affine *map, const float *input, int64_t rows, const float *weight, int64_t stride,
                       const float *bias, int32_t vectors, int32_t columns, float *output) {
  Lanes sums[TILE_ROWS][2];
  const size_t size = (size_t)columns * sizeof(float);
  int64_t row = 0;
  for (; row + TILE_ROWS <= rows; row += TILE_ROWS) {
    tile(input + row * map->inputs, TILE_ROWS, map->inputs, weight, stride, bias, vectors, sums);
    for (int32_t i = 0; i < TILE_ROWS; ++i) memcpy(output + (row + i) * map->outputs, sums[i], size);
  }
  for (; row < rows; ++row) {
    tile(input + row * map->inputs, 1, map->inputs, weight, stride, bias, vectors, sums);
    memcpy(output + row * map->outputs, sums[0], size);
  }
}

// One column of one row: sixteen sums side by side, then their sum.
INLINE float dot(const float *a, const float *b, int32_t count) {
  Lanes sums = {};
  int32_t k = 0;
  for (; k + MOTIF_LANES <= count; k += MOTIF_LANES) sums += *(const Lanes *)(a + k) * *(const Lanes *)(b + k);
  for (int32_t half = MOTIF_LANES / 2; half > 0; half /= 2)
    for (int32_t lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
  float sum = sums[0];
  for (; k < count; ++k) sum += a[k] * b[k];
  return sum;
}

static void KERNEL(affine)(const Affine *map, const float *input, int64_t rows, float *scratch, float *output) {
  if (map->outputs == 1) {
    for (int64_t row = 0; row < rows; ++row)
      output[row] = map->bias[0] + dot(input + row * map->inputs, map->weight, map->inputs);
    return;
  }
  int32_t column = 0;
  for (; column + 2 * MOTIF_LANES <= map->outputs; column += 2 * MOTIF_LANES)
    columns_of(map, input, rows, map->weight + column, map->outputs, map->bias + column, 2, 2 * MOTIF_LANES,
               output + column);
  for (; column + MOTIF_LANES <= map->outputs; column += MOTIF_LANES)
    columns_of(map, input, rows, map->weight + column, map->outputs, map->bias + column, 1, MOTIF_LANES,
               output + column);
  const int32_t rest = map->outputs - column;
  if (rest == 0) return;
  // The last columns, filled up to sixteen.
  memset(scratch, 0, (size_t)(map->inputs + 1) * sizeof(Lanes));
  for (int32_t k = 0; k < map->inputs; ++k)
    memcpy(scratch + k * MOTIF_LANES, map->weight + k * map->outputs + column, (size_t)rest * sizeof(float));
  float *bias = scratch + map->inputs * MOTIF_LANES;
  memcpy(bias, map->bias + column, (size_t)rest * sizeof(float));
  columns_of(map, input, rows, scratch, MOTIF_LANES, bias, 1, rest, output + column);
}
