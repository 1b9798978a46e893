#pragma once

#include "lanes.h"

// A tile of the product, PRODUCT_ROWS rows by two vectors of columns, stays in registers: as many sums as hide the
// latency of a multiply-add, and fewer loads than multiply-adds.
#define PRODUCT_ROWS (REGISTERS < 32 ? 6 : 12)
#define PANEL_COLUMNS (2 * VECTOR_FLOATS)
// The terms of a panel, which leaves room in the first-level cache; the rows whose terms stay in the second-level one;
// and those whose sums stay in the third-level one while all terms are added to them.
#define PANEL_TERMS (VECTOR_FLOATS < 16 ? PRODUCT_TERMS : PRODUCT_TERMS / 2)
#define ROWS_AT_ONCE (VECTOR_FLOATS < 16 ? 48 : 96)
#define ROWS_AT_MOST (16 * 96)
_Static_assert(PRODUCT_COLUMNS % PANEL_COLUMNS == 0, "whole panels");

// Some of the sum's terms: of `outer` steps `inner` each, from the first value of a row on.
typedef struct {
  int64_t first;
  int64_t outer, outer_step;
  int64_t inner, step;
} Terms;

// Some columns of the right factor, for some terms.
typedef struct {
  const float *values;
  int64_t row_step;
  int32_t columns;
} Panel;

INLINE int32_t panel_width(int32_t columns) { return columns > VECTOR_FLOATS ? PANEL_COLUMNS : VECTOR_FLOATS; }

INLINE void load_columns(const float *from, int32_t columns, int32_t vectors, Vector *to) {
  float some[PANEL_COLUMNS];
  if (columns != vectors * VECTOR_FLOATS) from = memcpy(some, from, (size_t)columns * sizeof(float));
  for (int32_t v = 0; v < vectors; ++v) to[v] = *(const Vector *)(from + v * VECTOR_FLOATS);
}

INLINE void store_columns(const Vector *from, int32_t columns, int32_t vectors, float *to) {
  float some[PANEL_COLUMNS];
  const int all = columns == vectors * VECTOR_FLOATS;
  float *target = all ? to : some;
  for (int32_t v = 0; v < vectors; ++v) *(Vector *)(target + v * VECTOR_FLOATS) = from[v];
  if (!all) memcpy(to, some, (size_t)columns * sizeof(float));
}

// Adds the terms to `count` rows of `output`, or to `start` in each. Rows past `count` are the last one again.
INLINE void product_tile(const float *const *rows, int64_t count, const Terms *terms, int64_t step, const Panel *panel,
                         int32_t vectors, const float *start, float *output, int64_t stride) {
  Vector sums[PRODUCT_ROWS][2] = {};
#pragma clang loop unroll(full)
  for (int64_t row = 0; row < PRODUCT_ROWS; ++row)
    if (row < count) load_columns(start ? start : output + row * stride, panel->columns, vectors, sums[row]);
  const float *right = panel->values;
  for (int64_t outer = 0; outer < terms->outer; ++outer) {
    int64_t offset = terms->first + outer * terms->outer_step;
    for (int64_t inner = 0; inner < terms->inner; ++inner, offset += step, right += panel->row_step)
#pragma clang loop unroll(full)
      for (int64_t row = 0; row < PRODUCT_ROWS; ++row)
#pragma clang loop unroll(full)
        for (int32_t v = 0; v < vectors; ++v)
          sums[row][v] += rows[row][offset] * *(const Vector *)(right + v * VECTOR_FLOATS);
  }
#pragma clang loop unroll(full)
  for (int64_t row = 0; row < PRODUCT_ROWS; ++row)
    if (row < count) store_columns(sums[row], panel->columns, vectors, output + row * stride);
}

INLINE int64_t at_most(int64_t value, int64_t limit) { return value < limit ? value : limit; }

// Adds the terms to rows first ..< end of some columns.
INLINE void product_panel(const Strided *left, int64_t first, int64_t end, const Terms *terms, int64_t step,
                          const Panel *panel, int32_t vectors, const float *start, float *output, int64_t stride) {
  const Axis *axes = left->rows;
  int64_t i = first / axes[1].count, j = first % axes[1].count;
  const float *tile[PRODUCT_ROWS];
  for (; first < end; first += PRODUCT_ROWS) {
    const int64_t count = at_most(end - first, PRODUCT_ROWS);
    for (int64_t row = 0; row < PRODUCT_ROWS; ++row) {
      tile[row] = row < count ? left->values + i * axes[0].step + j * axes[1].step : tile[row - 1];
      if (++j == axes[1].count) {
        j = 0;
        ++i;
      }
    }
    product_tile(tile, count, terms, step, panel, vectors, start, output + first * stride, stride);
  }
}

// Copies some columns of the right factor for some terms, the last vector filled up with zeros.
INLINE void pack_panel(const Strided *right, int64_t first_outer, int64_t first_inner, const Terms *terms,
                       int64_t first_column, int32_t columns, float *packed) {
  const int32_t width = panel_width(columns);
  for (int64_t outer = 0; outer < terms->outer; ++outer) {
    const float *from = right->values + (first_outer + outer) * right->rows[0].step +
                        first_inner * right->rows[1].step + first_column * right->columns[1].step;
    for (int64_t inner = 0; inner < terms->inner; ++inner, from += right->rows[1].step, packed += width) {
      // Sizes that are known here are copied in registers.
      if (right->columns[1].step == 1 && columns == PANEL_COLUMNS) memcpy(packed, from, PANEL_COLUMNS * sizeof(float));
      else if (right->columns[1].step == 1 && columns == VECTOR_FLOATS)
        memcpy(packed, from, VECTOR_FLOATS * sizeof(float));
      else
        for (int32_t column = 0; column < width; ++column)
          packed[column] = column < columns ? from[column * right->columns[1].step] : 0;
    }
  }
}

// Adds some terms to rows `begin` ..< `last` of the product in some columns, whose panels are packed.
INLINE void product_terms(const Strided *left, int64_t begin, int64_t last, const Terms *terms, const float *packed,
                          int64_t columns, const float *start, float *output, int64_t stride) {
  for (int64_t first = begin; first < last; first += ROWS_AT_ONCE) {
    const int64_t end = at_most(last, first + ROWS_AT_ONCE);
    for (int64_t column = 0; column < columns; column += PANEL_COLUMNS) {
      const int32_t count = (int32_t)at_most(columns - column, PANEL_COLUMNS);
      const Panel panel = {packed + column * PANEL_TERMS, panel_width(count), count};
      const float *begins = start ? start + column : NULL;
      const int32_t vectors = panel.row_step / VECTOR_FLOATS;
      float *sums = output + column;
      if (terms->step == 1 && vectors == 2) product_panel(left, first, end, terms, 1, &panel, 2, begins, sums, stride);
      else if (terms->step == 1) product_panel(left, first, end, terms, 1, &panel, 1, begins, sums, stride);
      else if (vectors == 2) product_panel(left, first, end, terms, terms->step, &panel, 2, begins, sums, stride);
      else product_panel(left, first, end, terms, terms->step, &panel, 1, begins, sums, stride);
    }
  }
}

// Rows `first` ..< `end` of the product in `columns` columns from `first_column` on.
INLINE void product_block(const Strided *left, int64_t first, int64_t end, const Strided *right, int64_t first_column,
                          int64_t columns, const float *start, float *scratch, float *output) {
  const Axis *axes = left->columns;
  const int64_t stride = right->columns[1].count;
  // More than one step of the outer axis at a time only if the inner one fits.
  const int64_t inner = at_most(axes[1].count, PANEL_TERMS), outer = PANEL_TERMS / inner;
  for (int64_t i = 0; i < axes[0].count; i += outer)
    for (int64_t j = 0; j < axes[1].count; j += inner) {
      const Terms terms = {i * axes[0].step + j * axes[1].step, at_most(outer, axes[0].count - i), axes[0].step,
                           at_most(inner, axes[1].count - j), axes[1].step};
      for (int64_t column = 0; column < columns; column += PANEL_COLUMNS)
        pack_panel(right, i, j, &terms, first_column + column, (int32_t)at_most(columns - column, PANEL_COLUMNS),
                   scratch + column * PANEL_TERMS);
      product_terms(left, first, end, &terms, scratch, columns, i + j == 0 ? start : NULL, output, stride);
    }
}

static void KERNEL(multiply)(const Strided *left, const Strided *right, const float *start, float *scratch,
                             float *output) {
  const int64_t rows = left->rows[0].count * left->rows[1].count, columns = right->columns[1].count;
  if (left->columns[0].count * left->columns[1].count == 0) return;
  // Blocks of like width: each reads all of the left factor.
  const int64_t panels = (columns + PANEL_COLUMNS - 1) / PANEL_COLUMNS;
  const int64_t blocks = (columns + PRODUCT_COLUMNS - 1) / PRODUCT_COLUMNS;
  const int64_t width = blocks ? (panels + blocks - 1) / blocks * PANEL_COLUMNS : 0;
  for (int64_t row = 0; row < rows; row += ROWS_AT_MOST)
    for (int64_t column = 0; column < columns; column += width)
      product_block(left, row, at_most(rows, row + ROWS_AT_MOST), right, column, at_most(columns - column, width),
                    start ? start + column : NULL, scratch, output + column);
}

INLINE int64_t whole_panels(int64_t columns) { return (columns + PANEL_COLUMNS - 1) / PANEL_COLUMNS * PANEL_COLUMNS; }

// Blocks of terms one behind the other, in each the panels.
static void KERNEL(pack_matrix)(const Strided *right, float *packed) {
  const int64_t count = right->rows[1].count, columns = right->columns[1].count;
  for (int64_t first = 0; first < count; first += PANEL_TERMS) {
    const Terms terms = {first, 1, 0, at_most(PANEL_TERMS, count - first), 1};
    for (int64_t column = 0; column < columns; column += PANEL_COLUMNS)
      pack_panel(right, 0, first, &terms, column, (int32_t)at_most(columns - column, PANEL_COLUMNS),
                 packed + first * whole_panels(columns) + column * PANEL_TERMS);
  }
}

static void KERNEL(add_packed_product)(const Strided *left, const float *packed, int64_t columns, float *output) {
  const Axis rows = left->rows[1], axis = left->columns[1];
  for (int64_t first = 0; first < axis.count; first += PANEL_TERMS) {
    const Terms terms = {first * axis.step, 1, 0, at_most(PANEL_TERMS, axis.count - first), axis.step};
    product_terms(left, 0, rows.count, &terms, packed + first * whole_panels(columns), columns, NULL, output, columns);
  }
}
