#include "dispatch.h"

const KernelSet *kernels_at(int level) {
#if defined(__x86_64__)
  if (level == 2) return __builtin_cpu_supports("x86-64-v4") ? &kernels_v4 : NULL;
  if (level == 1) return __builtin_cpu_supports("x86-64-v3") ? &kernels_v3 : NULL;
#endif
  return level == 0 ? &kernels_baseline : NULL;
}

INLINE const KernelSet *best(void) {
  int level = KERNEL_LEVELS - 1;
  while (!kernels_at(level)) --level;
  return kernels_at(level);
}

void motif_build_bases(const float *weights, const float *bias, int32_t filters, int32_t width, int reverse,
                       float *bases) {
  best()->motif_build_bases(weights, bias, filters, width, reverse, bases);
}

void motif_build_tables(const float *bases, int32_t filters, int32_t width, float *tables) {
  best()->motif_build_tables(bases, filters, width, tables);
}

void motif_pool(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride, float *maximum,
                int32_t *winner, float *mean) {
  best()->motif_pool(batch, filters, scratch, stride, maximum, winner, mean);
}

void motif_pool_parts(const uint8_t *codes, int64_t length, const MotifTables *filters, uint16_t *scratch,
                      const MotifParts *parts) {
  best()->motif_pool_parts(codes, length, filters, scratch, parts);
}

void motif_pool_substitutions(const uint8_t *codes, int64_t length, const MotifTables *filters,
                              const MotifParts *parts, int64_t first, int64_t count, uint8_t *window,
                              uint16_t *scratch, float *changed, int64_t stride, float *maximum, float *mean) {
  best()->motif_pool_substitutions(codes, length, filters, parts, first, count, window, scratch, changed, stride,
                                   maximum, mean);
}

void motif_convolve(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                    int32_t block_count, uint16_t *scratch, float *output) {
  best()->motif_convolve(codes, length, filters, first_block, block_count, scratch, output);
}

void motif_add_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                               const float *maximum, const int32_t *winner, const float *maximum_gradient,
                               float *gradient, float *bias_gradient) {
  best()->motif_add_winner_gradient(batch, filters, width, stride, maximum, winner, maximum_gradient, gradient,
                                    bias_gradient);
}

void motif_transpose_gradient(const float *filter_gradient, int32_t filters, int32_t width, int reverse,
                              float *gradient) {
  best()->motif_transpose_gradient(filter_gradient, filters, width, reverse, gradient);
}

void motif_add_mean_gradient(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride,
                             const float *mean_gradient, float *table_gradient, float *base_gradient,
                             float *bias_gradient) {
  best()->motif_add_mean_gradient(batch, filters, scratch, stride, mean_gradient, table_gradient, base_gradient,
                                  bias_gradient);
}

void motif_pool_windows(const MotifBatch *batch, const MotifTables *filters, int32_t window, uint16_t *scratch,
                        int64_t stride, float *maximum, int32_t *winner, float *mean) {
  best()->motif_pool_windows(batch, filters, window, scratch, stride, maximum, winner, mean);
}

void motif_add_window_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t width, int64_t windows,
                                      float *scratch, int64_t stride, const int32_t *winner,
                                      const float *maximum_gradient, float *gradient, float *bias_gradient) {
  best()->motif_add_window_winner_gradient(batch, filters, width, windows, scratch, stride, winner, maximum_gradient,
                                           gradient, bias_gradient);
}

void motif_add_window_mean_gradient(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                    uint16_t *scratch, int64_t stride, const float *mean_gradient,
                                    float *table_gradient, float *base_gradient, float *bias_gradient) {
  best()->motif_add_window_mean_gradient(batch, filters, window, scratch, stride, mean_gradient, table_gradient,
                                         base_gradient, bias_gradient);
}

void motif_fold_gradient(const float *table_gradient, const float *base_gradient, int32_t filters, int32_t width,
                         int reverse, float *gradient) {
  best()->motif_fold_gradient(table_gradient, base_gradient, filters, width, reverse, gradient);
}

void motif_find_kmers(const uint8_t *codes, int64_t length, int32_t width, uint16_t *kmers) {
  best()->motif_find_kmers(codes, length, width, kmers);
}

int64_t motif_sieve(const uint8_t *codes, const uint16_t *kmers, int64_t count, const MotifSieve *sieve,
                    uint32_t *hits) {
  return best()->motif_sieve(codes, kmers, count, sieve, hits);
}

void motif_screen(const MotifScreen *screen, ScreenStrand strand, const uint8_t *codes, int64_t windows,
                  int64_t positions, void *scratch, float *changes) {
  best()->motif_screen(screen, strand, codes, windows, positions, scratch, changes);
}

void screen_outputs(const ScreenHead *head, const float *changes, int64_t rows, float *output) {
  best()->screen_outputs(head, changes, rows, output);
}

void motif_pool_padding(const PaddedWindows *windows, const MotifTables *filters, float *scratch, int64_t stride,
                        float *maximum, float *sum) {
  best()->motif_pool_padding(windows, filters, scratch, stride, maximum, sum);
}

void sliding_maximum(const SlidingRows *rows, float *scratch, float *output, int32_t columns, int64_t stride) {
  best()->sliding_maximum(rows, scratch, output, columns, stride);
}

void sliding_sum(const SlidingRows *rows, float *scratch, float *output, int32_t columns, int64_t stride) {
  best()->sliding_sum(rows, scratch, output, columns, stride);
}

void rectify(const float *values, int64_t count, float *output) {
  best()->rectify(values, count, output);
}

void mask_positive(const float *values, const float *mask, int64_t count, float *output) {
  best()->mask_positive(values, mask, count, output);
}

void multiply_each(const float *a, const float *b, int64_t count, float *output) {
  best()->multiply_each(a, b, count, output);
}

void add_each(const float *addend, int64_t count, float *sum) {
  best()->add_each(addend, count, sum);
}

void combine_terms(const TermRows *rows, const float *factors, const float *start, float *output, int64_t output_step) {
  best()->combine_terms(rows, factors, start, output, output_step);
}

void add_scaled(const float *values, int64_t rows, const float *factors, int64_t columns, float *sum) {
  best()->add_scaled(values, rows, factors, columns, sum);
}

void pool_rows(const PooledRows *rows, const float *values, int64_t stride, float *maximum, int32_t *winner,
               float *mean) {
  best()->pool_rows(rows, values, stride, maximum, winner, mean);
}

void pool_gradient(const PooledRows *rows, int64_t stride, const int32_t *winner, const float *maximum_gradient,
                   const float *mean_gradient, float *gradient) {
  best()->pool_gradient(rows, stride, winner, maximum_gradient, mean_gradient, gradient);
}

void column_moments(const float *values, int64_t rows, int64_t columns, float *mean, float *variance) {
  best()->column_moments(values, rows, columns, mean, variance);
}

void normalize(const Normalization *map, const float *values, int64_t rows, float *output) {
  best()->normalize(map, values, rows, output);
}

void moment_products(const float *gradient, const float *values, const float *mean, int64_t rows, int64_t columns,
                     float *sum, float *product) {
  best()->moment_products(gradient, values, mean, rows, columns, sum, product);
}

void normalize_gradient(const Normalization *map, const float *slope, const float *gradient, const float *values,
                        int64_t rows, float *output) {
  best()->normalize_gradient(map, slope, gradient, values, rows, output);
}

void motif_convolve_larger(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                           int32_t block_count, uint16_t *scratch, float *output) {
  best()->motif_convolve_larger(codes, length, filters, first_block, block_count, scratch, output);
}

void affine_in_turn(const Affine *map, const float *input, int64_t rows, float *scratch, float *output) {
  best()->affine_in_turn(map, input, rows, scratch, output);
}

void affine(const Affine *map, const AffineInput *input, int64_t rows, float *scratch, float *output) {
  best()->affine(map, input, rows, scratch, output);
}

void multiply(const Strided *left, const Strided *right, const float *start, float *scratch, float *output) {
  best()->multiply(left, right, start, scratch, output);
}

void pack_matrix(const Strided *right, float *packed) { best()->pack_matrix(right, packed); }

void add_packed_product(const Strided *left, const float *packed, int64_t columns, float *output) {
  best()->add_packed_product(left, packed, columns, output);
}

void add_rows(const float *values, int64_t rows, int64_t stride, int64_t columns, float *sum) {
  best()->add_rows(values, rows, stride, columns, sum);
}

void add_sparse_product(const SparseRows *left, int64_t rows, const float *right, int64_t right_step, int64_t columns,
                        float *output, int64_t output_step) {
  best()->add_sparse_product(left, rows, right, right_step, columns, output, output_step);
}

void kmer_score_windows(const KmerScores *table, const uint8_t *codes, int64_t count, int64_t length, double *sums,
                        float *output) {
  best()->kmer_score_windows(table, codes, count, length, sums, output);
}

int64_t gapped_find(const GappedPatterns *patterns, const uint8_t *codes, int64_t length, uint16_t *indices) {
  return best()->gapped_find(patterns, codes, length, indices);
}

void descend(const DescentStep *step, int64_t count, const float *gradient, float *velocity, float *weights) {
  best()->descend(step, count, gradient, velocity, weights);
}

void adapt(const AdamStep *step, int64_t count, const float *gradient, float *first, float *second, float *weights) {
  best()->adapt(step, count, gradient, first, second, weights);
}

void descend_by_root(const RootStep *step, int64_t count, const float *gradient, float *velocity, float *squares,
                     float *weights) {
  best()->descend_by_root(step, count, gradient, velocity, squares, weights);
}

void activate(ActivationFunction function, const float *values, int64_t count, float *output) {
  best()->activate(function, values, count, output);
}

void activation_gradient(ActivationFunction function, const float *values, const float *results, const float *gradient,
                         int64_t count, float *output) {
  best()->activation_gradient(function, values, results, gradient, count, output);
}

void softmax_rows(const float *values, int64_t rows, int64_t columns, float *output) {
  best()->softmax_rows(values, rows, columns, output);
}

void softmax_rows_gradient(const float *results, const float *gradient, int64_t rows, int64_t columns, float *output) {
  best()->softmax_rows_gradient(results, gradient, rows, columns, output);
}

void normalize_rows(const float *values, int64_t rows, int64_t columns, float epsilon, const float *scale,
                    const float *shift, float *mean, float *inverse, float *output) {
  best()->normalize_rows(values, rows, columns, epsilon, scale, shift, mean, inverse, output);
}

void normalize_rows_gradient(const float *values, const float *gradient, int64_t rows, int64_t columns,
                             const float *mean, const float *inverse, const float *scale, float *output,
                             float *scale_gradient, float *shift_gradient) {
  best()->normalize_rows_gradient(values, gradient, rows, columns, mean, inverse, scale, output, scale_gradient,
                                  shift_gradient);
}

void lstm_step(const RecurrentStep *step, float *gates, float *cells, float *hidden) {
  best()->lstm_step(step, gates, cells, hidden);
}

void lstm_step_gradient(const RecurrentStep *step, const float *gates, const float *cells, const float *hidden_gradient,
                        float *cell_gradient, float *sum_gradient) {
  best()->lstm_step_gradient(step, gates, cells, hidden_gradient, cell_gradient, sum_gradient);
}

void gru_step(const RecurrentStep *step, float *gates, const float *products, float *hidden) {
  best()->gru_step(step, gates, products, hidden);
}

void gru_step_gradient(const RecurrentStep *step, const float *gates, const float *products, const float *hidden,
                       float *hidden_gradient, float *sum_gradient, float *product_gradient) {
  best()->gru_step_gradient(step, gates, products, hidden, hidden_gradient, sum_gradient, product_gradient);
}
