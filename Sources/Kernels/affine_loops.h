#pragma once

#include "lanes.h"

// Rows computed at a time, beside the vectors of columns: enough sums in registers to hide the latency of a
// multiply-add, and fewer loads than multiply-adds.
#define TILE_ROWS 6
// Sixteen registers hold the sums of one vector of MOTIF_LANES, thirty-two those of two.
#define TILE_LANES (REGISTERS < 32 ? 1 : 2)

// Columns of rows that are summed up at a time: so many sums stay in the first-level cache.
#define SUMMED_COLUMNS 2048

// `count` columns of an affine map from one on, in `vectors` vectors: weight has `stride` floats a row, whole vectors.
typedef struct {
  const float *weight;
  const float *bias;
  int64_t stride;
  int32_t vectors;
  int32_t count;
} Columns;

INLINE void tile(const AffineInput *input, int64_t first, int64_t rows, int32_t inputs, const Columns *columns,
                 float *output, int64_t outputs) {
  Lanes sums[TILE_ROWS][2] = {};
  const size_t size = (size_t)columns->count * sizeof(float);
  for (int64_t row = 0; row < rows; ++row) {
    if (columns->bias)
      for (int32_t v = 0; v < columns->vectors; ++v) sums[row][v] = *(const Lanes *)(columns->bias + v * MOTIF_LANES);
    else
      memcpy(sums[row], output + row * outputs, size);
  }
  const float *values = input->values + first * input->row_step;
  for (int32_t k = 0; k < inputs; ++k)
    for (int64_t row = 0; row < rows; ++row)
      for (int32_t v = 0; v < columns->vectors; ++v)
        sums[row][v] += values[row * input->row_step + k * input->step] *
                        *(const Lanes *)(columns->weight + k * columns->stride + v * MOTIF_LANES);
  for (int64_t row = 0; row < rows; ++row) memcpy(output + row * outputs, sums[row], size);
}

// Those columns in all rows.
INLINE void columns_of(const Affine *map, const AffineInput *input, int64_t rows, const Columns *columns,
                       float *output) {
  int64_t row = 0;
  for (; row + TILE_ROWS <= rows; row += TILE_ROWS)
    tile(input, row, TILE_ROWS, map->inputs, columns, output + row * map->outputs, map->outputs);
  for (; row < rows; ++row) tile(input, row, 1, map->inputs, columns, output + row * map->outputs, map->outputs);
}

INLINE void whole_columns(const Affine *map, const AffineInput *input, int64_t rows, int32_t first, int32_t vectors,
                          float *output) {
  const Columns columns = {map->weight + first, map->bias ? map->bias + first : NULL, map->outputs, vectors,
                           vectors * MOTIF_LANES};
  columns_of(map, input, rows, &columns, output + first);
}

// One column of one row: sixteen sums side by side, then their sum.
INLINE float dot(const float *a, const float *b, int32_t count) {
  Lanes sums = {};
  int32_t k = 0;
  for (; k + MOTIF_LANES <= count; k += MOTIF_LANES) sums += *(const Lanes *)(a + k) * *(const Lanes *)(b + k);
  float sum = lane_sum(sums);
  for (; k < count; ++k) sum += a[k] * b[k];
  return sum;
}

static void KERNEL(affine)(const Affine *map, const AffineInput *input, int64_t rows, float *scratch, float *output) {
  if (map->outputs == 1 && input->step == 1) {
    for (int64_t row = 0; row < rows; ++row)
      output[row] = (map->bias ? map->bias[0] : output[row]) +
                    dot(input->values + row * input->row_step, map->weight, map->inputs);
    return;
  }
  int32_t column = 0;
  for (; TILE_LANES == 2 && column + 2 * MOTIF_LANES <= map->outputs; column += 2 * MOTIF_LANES)
    whole_columns(map, input, rows, column, 2, output);
  for (; column + MOTIF_LANES <= map->outputs; column += MOTIF_LANES)
    whole_columns(map, input, rows, column, 1, output);
  const int32_t rest = map->outputs - column;
  if (rest == 0) return;
  // The last columns, filled up to sixteen.
  memset(scratch, 0, (size_t)(map->inputs + 1) * sizeof(Lanes));
  for (int32_t k = 0; k < map->inputs; ++k)
    memcpy(scratch + k * MOTIF_LANES, map->weight + k * map->outputs + column, (size_t)rest * sizeof(float));
  float *bias = scratch + map->inputs * MOTIF_LANES;
  if (map->bias) memcpy(bias, map->bias + column, (size_t)rest * sizeof(float));
  const Columns columns = {scratch, map->bias ? bias : NULL, MOTIF_LANES, 1, rest};
  columns_of(map, input, rows, &columns, output + column);
}

// Rows whose sums follow from one another, before they are computed anew: so few that rounding doesn't add up.
#define ROWS_IN_TURN 32

// A bit per input, of 64 from `first` on, that differs from the row before.
INLINE uint64_t changed_inputs(const float *input, int32_t inputs, int32_t first) {
  const float *old = input - inputs;
  uint64_t changed = 0;
  for (int32_t k = first; k < inputs && k < first + 64; k += MOTIF_LANES) {
    const int32_t count = inputs - k < MOTIF_LANES ? inputs - k : MOTIF_LANES;
    changed |= (uint64_t)lane_bits(load_some(count, input + k) != load_some(count, old + k)) << (k - first);
  }
  return changed;
}

// Each row's sums, `vectors` vectors of them, are those of the row before and what the inputs that differ change.
INLINE void change_rows(const Affine *map, const float *input, int64_t rows, int32_t vectors, float *scratch,
                        float *output) {
  Lanes sums[4];
  for (int64_t row = 0; row < rows; ++row, input += map->inputs, output += map->outputs) {
    if (row % ROWS_IN_TURN == 0) {
      const AffineInput own = {input, map->inputs, 1};
      KERNEL(affine)(map, &own, 1, scratch, output);
#pragma clang loop unroll(full)
      for (int32_t v = 0; v < vectors; ++v) sums[v] = *(const Lanes *)(output + v * MOTIF_LANES);
      continue;
    }
    for (int32_t first = 0; first < map->inputs; first += 64) {
      uint64_t changed = changed_inputs(input, map->inputs, first);
      for (; changed; changed &= changed - 1) {
        const int32_t k = first + __builtin_ctzll(changed);
        const float change = input[k] - input[k - map->inputs];
        const float *weight = map->weight + (int64_t)k * map->outputs;
#pragma clang loop unroll(full)
        for (int32_t v = 0; v < vectors; ++v) sums[v] += change * *(const Lanes *)(weight + v * MOTIF_LANES);
      }
    }
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v) *(Lanes *)(output + v * MOTIF_LANES) = sums[v];
  }
}

static void KERNEL(affine_in_turn)(const Affine *map, const float *input, int64_t rows, float *scratch,
                                   float *output) {
  const AffineInput all = {input, map->inputs, 1};
  if (map->outputs == MOTIF_LANES) change_rows(map, input, rows, 1, scratch, output);
  else if (map->outputs == 2 * MOTIF_LANES) change_rows(map, input, rows, 2, scratch, output);
  else if (map->outputs == 4 * MOTIF_LANES) change_rows(map, input, rows, 4, scratch, output);
  else KERNEL(affine)(map, &all, rows, scratch, output);
}

static void KERNEL(add_rows)(const float *restrict values, int64_t rows, int64_t stride, int64_t columns,
                             float *restrict sum) {
  for (int64_t first = 0; first < columns; first += SUMMED_COLUMNS) {
    const int64_t end = first + SUMMED_COLUMNS < columns ? first + SUMMED_COLUMNS : columns;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = first; column < end; ++column) sum[column] += values[row * stride + column];
  }
}
