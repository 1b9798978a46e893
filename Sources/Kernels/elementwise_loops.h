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

// `vectors` vectors of columns from one on, by so many terms that stand in some places.
INLINE void combine_columns(const float *values, const float *factors, const int64_t *places, int64_t terms,
                            const float *start, int32_t vectors, float *output) {
  Lanes sums[4];
  for (int32_t v = 0; v < vectors; ++v) sums[v] = start ? *(const Lanes *)(start + v * MOTIF_LANES) : (Lanes){};
  for (int64_t term = 0; term < terms; ++term)
    for (int32_t v = 0; v < vectors; ++v)
      sums[v] += factors[term] * *(const Lanes *)(values + places[term] + v * MOTIF_LANES);
  for (int32_t v = 0; v < vectors; ++v) *(Lanes *)(output + v * MOTIF_LANES) = sums[v];
}

INLINE void combine_row(const float *values, const float *factors, const int64_t *places, int64_t terms,
                        const float *start, int64_t columns, float *output) {
  int64_t column = 0;
  for (; column + 4 * MOTIF_LANES <= columns; column += 4 * MOTIF_LANES)
    combine_columns(values + column, factors, places, terms, start ? start + column : NULL, 4, output + column);
  for (; column + MOTIF_LANES <= columns; column += MOTIF_LANES)
    combine_columns(values + column, factors, places, terms, start ? start + column : NULL, 1, output + column);
  for (; column < columns; ++column) {
    float sum = start ? start[column] : 0;
    for (int64_t term = 0; term < terms; ++term) sum += factors[term] * values[places[term] + column];
    output[column] = sum;
  }
}

static void KERNEL(combine_terms)(const TermRows *rows, const float *factors, const float *start, float *output,
                                  int64_t output_step) {
  float others[COMBINED_TERMS];
  int64_t places[COMBINED_TERMS], terms = 0;
  for (int64_t term = 0; term < rows->terms; ++term) {
    if (factors[term] == 0) continue;
    others[terms] = factors[term];
    places[terms++] = term * rows->term_step;
  }
  const float *values = rows->values;
  for (int64_t row = 0; row < rows->rows; ++row, values += rows->row_step, output += output_step)
    switch (terms) {
      case 3: combine_row(values, others, places, 3, start, rows->columns, output); break;
      case 4: combine_row(values, others, places, 4, start, rows->columns, output); break;
      case 5: combine_row(values, others, places, 5, start, rows->columns, output); break;
      default: combine_row(values, others, places, terms, start, rows->columns, output);
    }
}
