// The inner loops of layers that read tensors; part of Kernels.h.

#pragma once

#include <stdint.h>

// Rows of numbers that a window slides over: values [count][lanes], lanes a multiple of MOTIF_LANES.
typedef struct {
  const float *values;
  int64_t count;
  int32_t lanes;
  int64_t window;
} SlidingRows;

// Sliding maxima or sums over rows: row i of the output combines rows i ..< i + window, for i < count - window + 1.
// Of each row the first `columns` lanes go to output[i * stride]. Two passes over blocks of `window` rows (van Herk
// 1992), so the cost doesn't depend on the window and sums don't drift. `scratch` holds window * MOTIF_LANES floats.
void sliding_maximum(const SlidingRows *rows, float *scratch, float *output, int32_t columns, int64_t stride);
void sliding_sum(const SlidingRows *rows, float *scratch, float *output, int32_t columns, int64_t stride);
void sliding_maximum_plain(const SlidingRows *rows, float *output, int32_t columns, int64_t stride);
void sliding_sum_plain(const SlidingRows *rows, float *output, int32_t columns, int64_t stride);

// output[i] = max(0, values[i]); the two may be the same.
void rectify(const float *values, int64_t count, float *output);

// output[i] = values[i] where mask[i] > 0, else 0; a[i] * b[i]; sum[i] += addend[i]. None of them overlap.
void mask_positive(const float *values, const float *mask, int64_t count, float *output);
void multiply_each(const float *a, const float *b, int64_t count, float *output);
void add_each(const float *addend, int64_t count, float *sum);

// sum[row][column] += factors[column] * values[row][column].
void add_scaled(const float *values, int64_t rows, const float *factors, int64_t columns, float *sum);

// Rows of numbers, [rows][terms][columns], with the steps from one row and from one term to the next; COMBINED_TERMS at
// most.
#define COMBINED_TERMS 8
typedef struct {
  const float *values;
  int64_t rows;
  int64_t row_step;
  int64_t terms;
  int64_t term_step;
  int64_t columns;
} TermRows;

// output[i * output_step + j] = start[j] + the sum of factors[k] * values[i][k][j] over the k whose factors aren't 0;
// without `start`, which may be NULL, the sum alone.
void combine_terms(const TermRows *rows, const float *factors, const float *start, float *output, int64_t output_step);

// Values [count][positions][columns] that are pooled by windows of rows, one or more; a last partial window is dropped.
typedef struct {
  int64_t count;
  int64_t positions;
  int64_t columns;
  int64_t window;
} PooledRows;

// For each window, those of all sequences counted through, and each column: the largest value, in rows of `stride`;
// the row of the window where it first occurs, in `winner` [window][column]; and the mean, in rows of the same stride.
// `maximum`, with `winner`, or `mean` may be NULL.
void pool_rows(const PooledRows *rows, const float *values, int64_t stride, float *maximum, int32_t *winner,
               float *mean);

// What the gradients of pool_rows's maxima and means, either of which may be NULL, pass back: sets all of `gradient`,
// [count][positions][columns].
void pool_gradient(const PooledRows *rows, int64_t stride, const int32_t *winner, const float *maximum_gradient,
                   const float *mean_gradient, float *gradient);

// The mean and the variance (the mean squared distance to it) of each column of values [rows][columns], rows >= 1. Sums
// are doubles, over the rows in their order.
void column_moments(const float *values, int64_t rows, int64_t columns, float *mean, float *variance);

// What normalisation does to each of some columns.
typedef struct {
  const float *mean;
  const float *scale;
  const float *shift;
  int64_t columns;
} Normalization;

// output = (values - mean) * scale + shift.
void normalize(const Normalization *map, const float *values, int64_t rows, float *output);

// The sums over the rows of gradient, and of gradient * (values - mean), in doubles.
void moment_products(const float *gradient, const float *values, const float *mean, int64_t rows, int64_t columns,
                     float *sum, float *product);

// output = scale * gradient + slope * (values - mean) + shift.
void normalize_gradient(const Normalization *map, const float *slope, const float *gradient, const float *values,
                        int64_t rows, float *output);

// An affine map: weight [inputs][outputs], bias [outputs].
typedef struct {
  const float *weight;
  // NULL: the product is added to what the output holds.
  const float *bias;
  int32_t inputs;
  int32_t outputs;
} Affine;

// Rows by inputs: the value of `row` and `k` is values[row * row_step + k * step].
typedef struct {
  const float *values;
  int64_t row_step;
  int64_t step;
} AffineInput;

// output [rows][outputs] = input * weight + bias. `scratch` holds (inputs + 1) * MOTIF_LANES floats.
void affine(const Affine *map, const AffineInput *input, int64_t rows, float *scratch, float *output);
void affine_plain(const Affine *map, const AffineInput *input, int64_t rows, float *output);

// The same to rounding, for rows of inputs one behind the other of which each has most of its numbers from the row
// before; with a bias.
void affine_in_turn(const Affine *map, const float *input, int64_t rows, float *scratch, float *output);

// Numbers that stand one `step` after the other.
typedef struct {
  int64_t count;
  int64_t step;
} Axis;

// A matrix that is read in place. Rows and columns are counted through two axes each, the second one the faster: row
// (i, j) and column (k, l) is values[i * rows[0].step + j * rows[1].step + k * columns[0].step + l * columns[1].step].
// So the windows of a sequence of positions are rows without being copied.
typedef struct {
  const float *values;
  Axis rows[2];
  Axis columns[2];
} Strided;

// The columns that are computed at a time, for so many terms at most, and the floats of `scratch`.
#define PRODUCT_COLUMNS 256
#define PRODUCT_TERMS 384
#define PRODUCT_SCRATCH (PRODUCT_COLUMNS * PRODUCT_TERMS)

// output [rows of left][columns of right] = start + left * right; NULL for `start`, [columns], adds the product to what
// the output holds. The columns of `left` have the axes of the rows of `right`, whose columns have one, the second. Each
// sum goes through the terms in their order, so a row has the same bits whatever stands beside it.
void multiply(const Strided *left, const Strided *right, const float *start, float *scratch, float *output);
void multiply_plain(const Strided *left, const Strided *right, const float *start, float *output);

// The same for many products with one right factor: packed once into packed_count floats, aligned to MOTIF_ALIGNMENT. Both
// factors have one axis of rows and one of columns, the second ones. The product is added to what the output holds.
int64_t packed_count(int64_t rows, int64_t columns);
void pack_matrix(const Strided *right, float *packed);
void add_packed_product(const Strided *left, const float *packed, int64_t columns, float *output);

// Adds the rows of `values`, each `stride` after the one before, to `sum`, [columns].
void add_rows(const float *values, int64_t rows, int64_t stride, int64_t columns, float *sum);
