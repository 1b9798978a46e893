// The inner loops that need SIMD, chosen at run time for the CPU. Most have a plain twin in plain.c, which is their
// definition and their test oracle.
//
// Filters stand in blocks of MOTIF_LANES; the last block is filled up with filters of weight 0.
// "lanes" below is the number of filters rounded up to a whole block.

#pragma once

#include "Layers.h"
#include "Screen.h"
#include "Tensors.h"

#include <stddef.h>
#include <stdint.h>

#define MOTIF_LANES 16
// The k of the k-mer tables. With 3 the tables of a block of 24-wide filters are 32 kB and stay in the first-level
// cache; 4 saves a quarter of the additions, but its 98 kB come from the second level and measured 1.4 times slower.
#define MOTIF_GROUP 3
#define MOTIF_ROWS (1 << (2 * MOTIF_GROUP))
#define MOTIF_ALIGNMENT 64
// The number of positions that are summed one after the other; then their sums are, so that after a change only the
// parts that hold it need be summed again.
#define MOTIF_PART 64

// A batch of sequences of codes 0…4, one after the other: sequence i is codes[offsets[i] ..< offsets[i + 1]].
typedef struct {
  const uint8_t *codes;
  const int64_t *offsets;
  int64_t count;
} MotifBatch;

// The filters of a motif convolution, with their biases, as look-up tables for one strand.
typedef struct {
  // [block][tap][5][lane]: what a base adds; row 4 is the mean of the four. The bias is in the rows of tap 0.
  const float *bases;
  // [block][group of taps][k-mer][lane]: what a k-mer adds; the first base has the highest place. Aligned to
  // MOTIF_ALIGNMENT bytes, so that no row crosses a cache line.
  const float *tables;
  int32_t filters;
  int32_t width;
} MotifTables;

// The number of floats in MotifTables.bases and .tables.
size_t motif_base_count(int32_t filters, int32_t width);
size_t motif_table_count(int32_t filters, int32_t width);

// Fills MotifTables.bases from weights [width][4][filters] and bias [filters]; with `reverse`, for the
// reverse-complemented filters: tap j, base c takes the weight of tap width-1-j, base 3-c.
void motif_build_bases(const float *weights, const float *bias, int32_t filters, int32_t width, int reverse,
                       float *bases);

// Fills MotifTables.tables from .bases.
void motif_build_tables(const float *bases, int32_t filters, int32_t width, float *tables);

// The number of elements of scratch that the functions below need for a batch.
size_t motif_scratch_count(int64_t total_length, int64_t sequences, int32_t width);

// For each sequence and filter: max(0, largest convolution over the valid positions), in row i of `maximum`, which
// begins at maximum + i * stride; where that first occurs, relative to the sequence's start, in `winner`
// [sequence][filter]; and where `mean` isn't NULL the mean over the positions of max(0, convolution), in rows of the
// same stride, summed by parts of MOTIF_PART positions. Every sequence must be at least `width` long.
void motif_pool(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride, float *maximum,
                int32_t *winner, float *mean);
void motif_pool_plain(const MotifBatch *batch, const MotifTables *filters, int64_t stride, float *maximum,
                      int32_t *winner, float *mean);

// What motif_pool sees of one sequence: max(0, convolution) at each position, values [block][position][MOTIF_LANES],
// and the maxima and sums of its parts, [block][part][MOTIF_LANES].
typedef struct {
  float *values;
  float *maxima;
  float *sums;
} MotifParts;
void motif_pool_parts(const uint8_t *codes, int64_t length, const MotifTables *filters, uint16_t *scratch,
                      const MotifParts *parts);

// What motif_pool makes, to the last bit, of the sequences that have base j in place of codes[first + i], in row
// 4 * i + j, for i < count and j < 4. `parts` are those of `codes`; `changed` holds
// 4 * width * MOTIF_LANES floats, and `window` 2 * width codes.
void motif_pool_substitutions(const uint8_t *codes, int64_t length, const MotifTables *filters,
                              const MotifParts *parts, int64_t first, int64_t count, uint8_t *window,
                              uint16_t *scratch, float *changed, int64_t stride, float *maximum, float *mean);

// The convolution at each valid position of one sequence for `block_count` blocks of filters from `first_block` on:
// output [length - width + 1][block_count * MOTIF_LANES].
void motif_convolve(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                    int32_t block_count, uint16_t *scratch, float *output);
// The same, of which each number is compared with the one that `output` holds and with 0, and the largest kept.
void motif_convolve_larger(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                           int32_t block_count, uint16_t *scratch, float *output);
void motif_convolve_plain(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                          int32_t block_count, float *output);

// The number of floats of the gradients below, [filter][tap][4], of which each filter has a whole number of
// MOTIF_LANES. What follows its taps is of no use.
size_t motif_winner_count(int32_t filters, int32_t width);

// What motif_pool's maxima and their gradient, in rows of `stride`, pass back: adds to `gradient`, of
// motif_winner_count, as the strand's tables see the filters, and to `bias_gradient` [filter]. Nothing flows where the
// maximum is 0.
void motif_add_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                               const float *maximum, const int32_t *winner, const float *maximum_gradient,
                               float *gradient, float *bias_gradient);
void motif_add_winner_gradient_plain(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                                     const float *maximum, const int32_t *winner, const float *maximum_gradient,
                                     float *gradient, float *bias_gradient);

// What the gradient of motif_pool's means, in rows of `stride`, passes back: adds to `table_gradient` (shaped and
// aligned as MotifTables.tables) where a window is known, else to `base_gradient` (shaped as .bases), and to
// `bias_gradient` [filter].
void motif_add_mean_gradient(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride,
                             const float *mean_gradient, float *table_gradient, float *base_gradient,
                             float *bias_gradient);
void motif_add_mean_gradient_plain(const MotifBatch *batch, const MotifTables *filters, int64_t stride,
                                   const float *mean_gradient, float *base_gradient, float *bias_gradient);

// As motif_pool, for each `window` positions of sequences of one length, of `width + window - 1` or more; a last partial
// window is dropped. Row i of `maximum` and `mean`, either of which may be NULL, is window i, those of all sequences
// counted through; `winner` [window][filter] is -1 where the maximum is 0, and unused without maxima.
void motif_pool_windows(const MotifBatch *batch, const MotifTables *filters, int32_t window, uint16_t *scratch,
                        int64_t stride, float *maximum, int32_t *winner, float *mean);
void motif_pool_windows_plain(const MotifBatch *batch, const MotifTables *filters, int32_t window, int64_t stride,
                              float *maximum, int32_t *winner, float *mean);

// What the gradient of motif_pool_windows's maxima passes back, for `windows` windows per sequence: adds as
// motif_add_winner_gradient does. `scratch` holds motif_winner_scratch_count floats for the length of the sequences.
size_t motif_winner_scratch_count(int64_t length, int32_t width, int64_t windows);
void motif_add_window_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t width, int64_t windows,
                                      float *scratch, int64_t stride, const int32_t *winner,
                                      const float *maximum_gradient, float *gradient, float *bias_gradient);
void motif_add_window_winner_gradient_plain(const MotifBatch *batch, int32_t filters, int32_t width, int64_t windows,
                                            int64_t stride, const int32_t *winner, const float *maximum_gradient,
                                            float *gradient, float *bias_gradient);

// What the gradient of motif_pool_windows's means passes back: adds as motif_add_mean_gradient does.
void motif_add_window_mean_gradient(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                    uint16_t *scratch, int64_t stride, const float *mean_gradient,
                                    float *table_gradient, float *base_gradient, float *bias_gradient);
void motif_add_window_mean_gradient_plain(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                          int64_t stride, const float *mean_gradient, float *base_gradient,
                                          float *bias_gradient);

// Adds gradients to those of the weights, [tap][4][filter]: gradients shaped as the tables, folded back, and the
// result of motif_add_winner_gradient. With `reverse` they come from the tables of reverse-complemented filters.
void motif_fold_gradient(const float *table_gradient, const float *base_gradient, int32_t filters, int32_t width,
                         int reverse, float *gradient);
void motif_transpose_gradient(const float *filter_gradient, int32_t filters, int32_t width, int reverse,
                              float *gradient);

// The motifs of a block of a sieve.
#define SIEVE_LANES 64
// What a motif lacks of its highest score where the score it must reach is out of reach.
#define SIEVE_REJECTED 255

// Up to SIEVE_LANES motifs that few places match, and how far a place may fall short of the best one.
typedef struct {
  // [group of MOTIF_GROUP taps][k-mer][lane]: what a k-mer lacks, rounded down, at least 0; the first base has the
  // highest place. A motif passes where what it lacks sums to less than SIEVE_REJECTED. Aligned to MOTIF_ALIGNMENT
  // bytes.
  const uint8_t *lacks;
  int32_t groups;
} MotifSieve;

// For each position the place in bytes of its k-mer's row, among those of a group, for motifs of at most `width` taps;
// base 0 past the end. `kmers` holds length + width + MOTIF_GROUP elements.
void motif_find_kmers(const uint8_t *codes, int64_t length, int32_t width, uint16_t *kmers);

// Finds which motifs pass at the first `count` positions: position * SIEVE_LANES + lane, ascending, in `hits`, which has
// room for all; returns their number. A position whose own base is unknown is passed over; other unknown bases of its
// window read as base 0.
int64_t motif_sieve(const uint8_t *codes, const uint16_t *kmers, int64_t count, const MotifSieve *sieve,
                    uint32_t *hits);
int64_t motif_sieve_plain(const uint8_t *codes, const uint16_t *kmers, int64_t count, const MotifSieve *sieve,
                          uint32_t *hits);

// The windows of `length` codes that begin at each of the first `count` codes, read between `padding` unknown bases on
// either side.
typedef struct {
  const uint8_t *codes;
  int64_t count;
  int64_t length;
  int32_t padding;
} PaddedWindows;

// Completes what windows make of the positions inside them, in rows of `stride`, with the positions that reach into the
// padding: raises `maximum` to their largest convolution, at least 0, and adds max(0, convolution) of each to `sum`, which
// may be NULL. The filters are wider than the padding, and no wider than the windows are long. Over the unknown bases and
// the first bases of a window a filter differs by one base from what it is over fewer of the next window's, so a
// window takes 2 * width additions a filter at most. `scratch` holds motif_padding_scratch_count floats.
size_t motif_padding_scratch_count(int64_t windows, int32_t width);
void motif_pool_padding(const PaddedWindows *windows, const MotifTables *filters, float *scratch, int64_t stride,
                        float *maximum, float *sum);
void motif_pool_padding_plain(const PaddedWindows *windows, const MotifTables *filters, int64_t stride, float *maximum,
                              float *sum);

// Copies sequences of a batch one after the other to `output`: sequence indices[i] for each i < count.
void gather_sequences(const MotifBatch *batch, const intptr_t *indices, int64_t count, uint8_t *output);

// The largest `span` of k-mers.
#define KMER_SPAN 15

// What each k-mer of `span` bases adds to the score of a sequence that holds it, [k-mer][task], and the scores of a
// sequence without any, [task]. The first base of a k-mer has the highest place.
typedef struct {
  const float *scores;
  const float *bias;
  int32_t span;
  int32_t tasks;
} KmerScores;

// The scores of each window of `length` bases, span or more, in `count` codes, [window][task]: the bias and the sum
// over the window's k-mers, divided by the square root of their number. K-mers with an unknown base add 0. `sums`
// holds a number per task, and one per task and k-mer of a window. Sums slide from window to window, which is exact if
// Double holds every sum of a task's scores exactly.
void kmer_score_windows(const KmerScores *table, const uint8_t *codes, int64_t count, int64_t length, double *sums,
                        float *output);

// The scores of the sequences that have base j in place of codes[i], [i][j][task], of codes of `span` bases or more:
// to the last bit those of kmer_score_windows. `sums` holds a number a task.
void kmer_score_substitutions(const KmerScores *table, const uint8_t *codes, int64_t count, double *sums,
                              float *output);

// Which bases of a window of `span` bases gapped k-mers are made of: offsets [pattern][informative].
typedef struct {
  const int32_t *offsets;
  int32_t count;
  int32_t informative;
  int32_t span;
} GappedPatterns;

// The number of windows that are looked at side by side.
#define GAPPED_BLOCK 32
// The largest `informative`, and the largest half of a span.
#define GAPPED_INFORMATIVE 8
#define GAPPED_HALF 5

// The gapped k-mers of a sequence: indices [pattern][strand][stride], of which the first `windows` of each row count.
typedef struct {
  const uint16_t *indices;
  size_t stride;
  int64_t windows;
  // Patterns times strands.
  int32_t count;
  // The number of gapped k-mers of a pattern.
  int32_t kmers;
} GappedRows;

// The stride of GappedRows for a sequence.
size_t gapped_stride(int64_t length, int32_t span);

// Fills GappedRows.indices, and returns the number of windows without an unknown base. Reads, but doesn't use,
// GAPPED_BLOCK codes past the end.
int64_t gapped_find(const GappedPatterns *patterns, const uint8_t *codes, int64_t length, uint16_t *indices);

// The sum of the weights, [pattern][k-mer], of a sequence's gapped k-mers; and adds a step to each as often as it
// occurs.
float gapped_sum(const GappedRows *rows, const float *weights);
void gapped_add(const GappedRows *rows, float step, float *weights);

// The sum over gapped k-mers of their squared number. `counts` holds a 0 for each k-mer of a pattern, and does again.
double gapped_squares(const GappedRows *rows, uint32_t *counts);

// For the windows of which the codes, read as a number of `span` digits, are first ..< first + count: the sum of the
// weights of their gapped k-mers on both strands. A window and its reverse complement get the same bits.
void gapped_merge(const GappedPatterns *patterns, const float *weights, uint32_t first, uint32_t count, float *output);

// One step of gradient descent with momentum on `count` weights: v = momentum * v - rate * g, then w += v (Polyak 1964), or
// with `nesterov` w += momentum * v - rate * g (Sutskever et al. 2013). `l1` and `l2` weigh the penalties on absolute and
// on (half the) squared weights, whose slopes are added to the gradient g.
typedef struct {
  float rate, momentum, l1, l2;
  int32_t nesterov;
} DescentStep;
// One step of Adam (Kingma & Ba 2015). The penalties `l1` and `l2` are taken from the weights (Loshchilov & Hutter 2019),
// those of `slope_l1` and `slope_l2` are added to the gradient; the corrections are 1 / (1 - decay ^ step).
typedef struct {
  float rate, first_decay, second_decay, first_correction, second_correction, epsilon, l1, l2, slope_l1, slope_l2;
} AdamStep;
// One step of RMSprop (Tieleman & Hinton 2012): the gradient over the root of its running mean square, with momentum. The
// penalties are added to the gradient.
typedef struct {
  float rate, momentum, decay, epsilon, l1, l2;
} RootStep;
void descend(const DescentStep *step, int64_t count, const float *gradient, float *velocity, float *weights);
void adapt(const AdamStep *step, int64_t count, const float *gradient, float *first, float *second, float *weights);
void descend_by_root(const RootStep *step, int64_t count, const float *gradient, float *velocity, float *squares,
                     float *weights);

// The numbers of a matrix that aren't 0: those of row i are values[starts[i]] ..< values[starts[i + 1]], each with its
// column.
typedef struct {
  const int32_t *starts;
  const int32_t *columns;
  const float *values;
} SparseRows;

// Fills the numbers of `rows` rows of `columns` columns, whose values stand in steps of row_step and column_step; the
// other arrays have room for rows + 1 starts and for every value.
void sparse_rows(const float *matrix, int64_t rows, int64_t row_step, int64_t columns, int64_t column_step,
                 int32_t *starts, int32_t *places, float *values);

// Adds the product of `rows` sparse rows with a matrix whose rows begin every right_step floats and have `columns`
// columns to rows that begin every output_step floats. Rows may overlap, on either side. Each sum goes through its
// terms in order.
void add_sparse_product(const SparseRows *left, int64_t rows, const float *right, int64_t right_step, int64_t columns,
                        float *output, int64_t output_step);
void add_sparse_product_plain(const SparseRows *left, int64_t rows, const float *right, int64_t right_step,
                              int64_t columns, float *output, int64_t output_step);

// The functions above that are compiled for several levels of processors; they call those of the highest one that the
// processor can run.
#define FOR_EACH_KERNEL(DO) \
  DO(motif_build_bases) DO(motif_build_tables) DO(motif_pool) DO(motif_convolve) DO(motif_convolve_larger) DO(motif_transpose_gradient) \
  DO(motif_pool_parts) DO(motif_pool_substitutions) DO(motif_pool_padding) \
  DO(motif_add_winner_gradient) DO(motif_add_mean_gradient) \
  DO(motif_find_kmers) DO(motif_sieve) DO(motif_screen) DO(screen_outputs) \
  DO(motif_pool_windows) DO(motif_add_window_winner_gradient) DO(motif_add_window_mean_gradient) \
  DO(motif_fold_gradient) \
  DO(sliding_maximum) DO(sliding_sum) DO(rectify) DO(affine) DO(affine_in_turn) DO(add_rows) DO(multiply) \
  DO(pack_matrix) DO(add_packed_product) \
  DO(mask_positive) DO(multiply_each) DO(add_each) DO(add_scaled) DO(combine_terms) DO(pool_rows) DO(pool_gradient) \
  DO(column_moments) DO(normalize) DO(moment_products) DO(normalize_gradient) \
  DO(activate) DO(activation_gradient) DO(softmax_rows) DO(softmax_rows_gradient) \
  DO(normalize_rows) DO(normalize_rows_gradient) \
  DO(lstm_step) DO(lstm_step_gradient) DO(gru_step) DO(gru_step_gradient) \
  DO(add_sparse_product) DO(kmer_score_windows) DO(gapped_find) DO(descend) DO(adapt) DO(descend_by_root)
#define KERNEL_POINTER(NAME) __typeof__(NAME) *NAME;
typedef struct {
  FOR_EACH_KERNEL(KERNEL_POINTER)
} KernelSet;

// Levels 0 (any processor), 1 (x86-64-v3: AVX2) and 2 (x86-64-v4: AVX-512); NULL where the processor can't run it.
#define KERNEL_LEVELS 3
const KernelSet *kernels_at(int level);

// Tells the processor that the thread waits for another one, for some tens of cycles.
void spin_pause(void);

// The number of CPUs that this process may use, which a container or `taskset` may restrict.
int available_processor_count(void);

// The processor that the calling thread runs on; -1 where that can't be known.
int current_processor(void);

// Moves the calling thread to one of the processors it may use, counting from 0 and leaving out `processor`; from
// there it may go where the system wants it. Does nothing where there are fewer.
void move_from_processor(int processor, int index);

// Lets the process keep up to so many bytes (below 2 GiB) that it freed, for its next allocations.
void keep_freed_memory(int64_t bytes);

// Says that fresh memory will be written from end to end: where it is large, the system gives huge pages.
void expect_writes(void *address, int64_t bytes);
