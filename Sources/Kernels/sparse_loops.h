#pragma once

#include "lanes.h"

// The vectors of sums that stay in registers.
#define SPARSE_VECTORS (REGISTERS < 32 ? 12 : 24)

// Adds a row's numbers, times the right factor's rows, to `vectors` vectors of its product.
INLINE void sparse_row(const SparseRows *left, int64_t row, const float *right, int64_t right_step, int32_t vectors,
                       float *output) {
  Vector sums[SPARSE_VECTORS];
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) sums[v] = *(const Vector *)(output + v * VECTOR_FLOATS);
  for (int32_t i = left->starts[row]; i < left->starts[row + 1]; ++i) {
    const float *from = right + left->columns[i] * right_step;
    const float value = left->values[i];
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v) sums[v] += value * *(const Vector *)(from + v * VECTOR_FLOATS);
  }
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) *(Vector *)(output + v * VECTOR_FLOATS) = sums[v];
}

// The last columns, fewer than a vector.
INLINE void sparse_row_end(const SparseRows *left, int64_t row, const float *right, int64_t right_step, int64_t columns,
                           float *output) {
  for (int32_t i = left->starts[row]; i < left->starts[row + 1]; ++i)
    for (int64_t column = 0; column < columns; ++column)
      output[column] += left->values[i] * right[left->columns[i] * right_step + column];
}

// Some columns of all rows at a time, so that those of the right factor stay in the second-level cache.
static void KERNEL(add_sparse_product)(const SparseRows *left, int64_t rows, const float *right, int64_t right_step,
                                       int64_t columns, float *output, int64_t output_step) {
  const int64_t tile = SPARSE_VECTORS * VECTOR_FLOATS;
  int64_t column = 0;
  for (; column + tile <= columns; column += tile)
    for (int64_t row = 0; row < rows; ++row)
      sparse_row(left, row, right + column, right_step, SPARSE_VECTORS, output + row * output_step + column);
  for (; column + VECTOR_FLOATS <= columns; column += VECTOR_FLOATS)
    for (int64_t row = 0; row < rows; ++row)
      sparse_row(left, row, right + column, right_step, 1, output + row * output_step + column);
  if (column < columns)
    for (int64_t row = 0; row < rows; ++row)
      sparse_row_end(left, row, right + column, right_step, columns - column, output + row * output_step + column);
}
