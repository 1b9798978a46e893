// The inner loops that need SIMD, chosen at run time for the CPU. Each has a plain twin in plain.c, which is
// its definition and its test oracle.
//
// Filters stand in blocks of MOTIF_LANES; the last block is filled up with filters of weight 0.
// "lanes" below is the number of filters rounded up to a whole block.

#pragma once

#include <stddef.h>
#include <stdint.h>

#define MOTIF_LANES 16
// The k of the k-mer tables. With 3 the tables of a block of 24-wide filters are 32 kB and stay in the first-level
// cache; 4 saves a quarter of the additions, but its 98 kB come from the second level and measured 1.4 times slower.
#define MOTIF_GROUP 3
#define MOTIF_ROWS (1 << (2 * MOTIF_GROUP))

// A batch of sequences of codes 0…4, one after the other: sequence i is codes[offsets[i] ..< offsets[i + 1]].
typedef struct {
  const uint8_t *codes;
  const int64_t *offsets;
  int64_t count;
} MotifBatch;

// The filters of a motif convolution as look-up tables for one strand.
typedef struct {
  // [block][tap][5][lane]: what a base adds; row 4 is the mean of the four.
  const float *bases;
  // [block][group of taps][k-mer][lane]: what a k-mer adds; the first base has the highest place.
  const float *tables;
  int32_t blocks;
  int32_t width;
} MotifTables;

// The number of floats in MotifTables.bases and .tables.
size_t motif_base_count(int32_t blocks, int32_t width);
size_t motif_table_count(int32_t blocks, int32_t width);

// Builds both tables from weights [width][4][filters]; with `reverse`, those of the
// reverse-complemented filters: tap j, base c takes the weight of tap width-1-j, base 3-c.
void motif_build_tables(const float *weights, int32_t filters, int32_t width, int reverse, float *bases,
                        float *tables);

// The number of bytes of scratch that the functions below need for a batch.
size_t motif_scratch_count(int64_t total_length, int64_t sequences, int32_t width);

// For each sequence and filter: the largest convolution over the valid positions and where it first occurs
// (relative to the sequence's start). `maximum`, `winner`: [sequence][lanes]. Where `rectified_sum` isn't
// NULL it takes the sum over positions of max(0, convolution + bias), with bias [lanes]. Every sequence must
// be at least `width` long.
void motif_pool(const MotifBatch *batch, const MotifTables *filters, const float *bias, uint8_t *scratch,
                float *maximum, int32_t *winner, float *rectified_sum);
void motif_pool_plain(const MotifBatch *batch, const MotifTables *filters, const float *bias, float *maximum,
                      int32_t *winner, float *rectified_sum);

// The convolution at each valid position of one sequence: output [length - width + 1][lanes].
void motif_convolve(const uint8_t *codes, int64_t length, const MotifTables *filters, uint8_t *scratch,
                    float *output);
void motif_convolve_plain(const uint8_t *codes, int64_t length, const MotifTables *filters, float *output);

// Adds to `gradient` [filter][tap][4] what the winners of motif_pool pass back: winner_gradient
// [sequence][lanes], zero where nothing flows. With `reverse` the winners are those of reverse-complemented
// filters.
void motif_add_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t lanes, int32_t width, int reverse,
                               const int32_t *winner, const float *winner_gradient, float *gradient);

// Adds what every position with convolution + bias > 0 passes back, position_gradient [sequence][lanes] each:
// to `table_gradient` (shaped as MotifTables.tables) where its window is known, else to `base_gradient`
// (shaped as .bases), and to `bias_gradient` [lanes].
void motif_add_rectified_gradient(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                  uint8_t *scratch, const float *position_gradient, float *table_gradient,
                                  float *base_gradient, float *bias_gradient);
void motif_add_rectified_gradient_plain(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                        const float *position_gradient, float *base_gradient,
                                        float *bias_gradient);

// Folds gradients shaped as the tables back to weights: adds to `gradient` [filter][tap][4].
void motif_fold_gradient(const float *table_gradient, const float *base_gradient, int32_t filters, int32_t width,
                         int reverse, float *gradient);

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

// max(0, value + bias[lane]) of the first `lanes` values of each row; rows are `stride` apart.
void add_bias_and_rectify(float *values, int64_t rows, int32_t lanes, int64_t stride, const float *bias);

// output[i] = max(0, values[i]).
void rectify(const float *values, int64_t count, float *output);

// An affine map: weight [inputs][outputs], bias [outputs].
typedef struct {
  const float *weight;
  const float *bias;
  int32_t inputs;
  int32_t outputs;
} Affine;

// output [rows][outputs] = input [rows][inputs] * weight + bias. `scratch` holds (inputs + 1) * MOTIF_LANES floats.
void affine(const Affine *map, const float *input, int64_t rows, float *scratch, float *output);
void affine_plain(const Affine *map, const float *input, int64_t rows, float *output);

// The number of CPUs that this process may use, which a container or `taskset` may restrict.
int available_processor_count(void);
