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

// How many columns a vector holds: the last one may hold fewer than it has room for.
INLINE int32_t columns_in(const Columns *columns, int32_t vector) {
  const int32_t rest = columns->count - vector * MOTIF_LANES;
  return rest < MOTIF_LANES ? rest : MOTIF_LANES;
}

INLINE Lanes load_vector(const Columns *columns, int32_t vector, const float *row) {
  return load_some(columns_in(columns, vector), row + vector * MOTIF_LANES);
}

INLINE void tile(const AffineInput *input, int64_t first, int64_t rows, int32_t inputs, const Columns *columns,
                 float *output, int64_t outputs) {
  Lanes sums[TILE_ROWS][2] = {};
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t v = 0; v < columns->vectors; ++v)
      sums[row][v] = columns->bias ? *(const Lanes *)(columns->bias + v * MOTIF_LANES)
                                   : load_vector(columns, v, output + row * outputs);
  const float *values = input->values + first * input->row_step;
  for (int32_t k = 0; k < inputs; ++k)
    for (int64_t row = 0; row < rows; ++row)
      for (int32_t v = 0; v < columns->vectors; ++v)
        sums[row][v] += values[row * input->row_step + k * input->step] *
                        *(const Lanes *)(columns->weight + k * columns->stride + v * MOTIF_LANES);
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t v = 0; v < columns->vectors; ++v)
      store_some(columns_in(columns, v), output + row * outputs + v * MOTIF_LANES, sums[row][v]);
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

// The sums of one row that stay in registers: more than a tile's, for no row beside it hides their latency.
#define ROW_VECTORS (REGISTERS < 32 ? 4 : 8)

// `count` columns of a row's map from one on, in `vectors` vectors.
INLINE void part_of_row(const Affine *map, const AffineInput *input, int32_t first, int32_t vectors, int32_t count,
                        float *output) {
  const Columns columns = {map->weight + first, map->bias, map->outputs, vectors, count};
  Lanes sums[ROW_VECTORS];
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v)
    sums[v] = load_vector(&columns, v, (map->bias ? map->bias : output) + first);
  for (int32_t k = 0; k < map->inputs; ++k)
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v)
      sums[v] += input->values[k * input->step] * load_vector(&columns, v, columns.weight + k * columns.stride);
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v)
    store_some(columns_in(&columns, v), output + first + v * MOTIF_LANES, sums[v]);
}

INLINE void one_row(const Affine *map, const AffineInput *input, float *output) {
  int32_t column = 0;
  for (; column + ROW_VECTORS * MOTIF_LANES <= map->outputs; column += ROW_VECTORS * MOTIF_LANES)
    part_of_row(map, input, column, ROW_VECTORS, ROW_VECTORS * MOTIF_LANES, output);
  for (; column + MOTIF_LANES <= map->outputs; column += MOTIF_LANES)
    part_of_row(map, input, column, 1, MOTIF_LANES, output);
  if (column < map->outputs) part_of_row(map, input, column, 1, map->outputs - column, output);
}

// One column of one row: sixteen sums side by side, then their sum.
INLINE float dot(const float *a, const float *b, int32_t count) {
  Lanes sums = {};
  int32_t k = 0;
  for (; k + MOTIF_LANES <= count; k += MOTIF_LANES) sums += *(const Lanes *)(a + k) * *(const Lanes *)(b + k);
  if (k < count) sums += load_first(count - k, a + k) * load_first(count - k, b + k);
  return lane_sum(sums);
}

static void KERNEL(affine)(const Affine *map, const AffineInput *input, int64_t rows, float *scratch, float *output) {
  if (map->outputs == 1 && input->step == 1) {
    for (int64_t row = 0; row < rows; ++row)
      output[row] = (map->bias ? map->bias[0] : output[row]) +
                    dot(input->values + row * input->row_step, map->weight, map->inputs);
    return;
  }
  if (rows == 1) {
    one_row(map, input, output);
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
