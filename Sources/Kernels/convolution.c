#include "Kernels.h"
#include "dispatch.h"

#include <float.h>
#include <string.h>

typedef float Lanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));
typedef int32_t IntLanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));
// A row of the tables, which stands within one cache line.
typedef float Row __attribute__((vector_size(MOTIF_LANES * 4), aligned(MOTIF_ALIGNMENT)));
typedef uint8_t Bytes __attribute__((vector_size(16)));
typedef uint32_t Words __attribute__((vector_size(16)));

// One block of filters, as the inner loops see it.
typedef struct {
  const Lanes *bases;
  const Row *tables;
  // The number of its lanes that are filters.
  int32_t filters;
  int32_t width;
  int32_t groups;
} Block;

// One sequence: its codes, the place in bytes of the row of the k-mer that starts at each position (base 0 past the
// end, where the tables add nothing), and the number of valid positions.
typedef struct {
  const uint8_t *codes;
  const uint16_t *kmers;
  int64_t length;
  int64_t positions;
} Windows;

typedef struct {
  Lanes best;
  IntLanes winner;
  Lanes sum;
} Pooled;

typedef struct {
  Row *tables;
  Lanes *bases;
  Lanes bias;
} BlockGradient;

// How sequences are pooled in windows: the number of positions, of filters, and of floats from one row to the next.
typedef struct {
  int32_t window;
  int32_t filters;
  int64_t stride;
} WindowLayout;

// Where the pooling of one window after the other stands, and where its results go.
typedef struct {
  Pooled pooled;
  int64_t end;
  float *maximum;
  int32_t *winner;
  float *mean;
} WindowPooling;

// What flows back into the window at hand, and where that of the next one stands.
typedef struct {
  IntLanes winner;
  Lanes maximum;
  Lanes mean;
  int64_t end;
  const int32_t *next_winner;
  const float *next_maximum;
  const float *next_mean;
} WindowFlow;

// Runs KNOWN_FOUR for each four positions in a row whose windows hold no unknown base, KNOWN for those left over, and
// UNKNOWN for each position whose window holds one; all of them see `position`.
#define FOR_EACH_POSITION(WINDOWS, WIDTH, KNOWN_FOUR, KNOWN, UNKNOWN)                              \
  for (int64_t position = 0; position < (WINDOWS).positions;) {                                    \
    const int64_t known = VARIANT(next_unknown)(&(WINDOWS), position, (WIDTH));                    \
    for (; position + 4 <= known; position += 4) { KNOWN_FOUR }                                    \
    for (; position < known; ++position) { KNOWN }                                                 \
    if (position == (WINDOWS).positions) break;                                                    \
    const int64_t resumed = VARIANT(after_unknown)(&(WINDOWS), position, (WIDTH));                 \
    for (; position < resumed; ++position) { UNKNOWN }                                             \
  }

#define VARIANT(NAME) NAME##_baseline
#include "convolution_loops.h"
#include "window_loops.h"
#undef VARIANT

#if defined(__x86_64__)
#define VARIANT(NAME) NAME##_v4
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#include "convolution_loops.h"
#include "window_loops.h"
#pragma clang attribute pop
#undef VARIANT

#define VARIANT(NAME) NAME##_v3
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#include "convolution_loops.h"
#include "window_loops.h"
#pragma clang attribute pop
#undef VARIANT

#define DISPATCH(NAME, ...)                                                     \
  do {                                                                          \
    if (__builtin_cpu_supports("x86-64-v4")) NAME##_v4(__VA_ARGS__);            \
    else if (__builtin_cpu_supports("x86-64-v3")) NAME##_v3(__VA_ARGS__);       \
    else NAME##_baseline(__VA_ARGS__);                                          \
  } while (0)
#else
#define DISPATCH(NAME, ...) NAME##_baseline(__VA_ARGS__)
#endif

void motif_build_tables(const float *bases, int32_t filters, int32_t width, float *tables) {
  DISPATCH(motif_build_tables, bases, filters, width, tables);
}

void motif_pool(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride, float *maximum,
                int32_t *winner, float *mean) {
  DISPATCH(motif_pool, batch, filters, scratch, stride, maximum, winner, mean);
}

void motif_convolve(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                    int32_t block_count, uint16_t *scratch, float *output) {
  DISPATCH(motif_convolve, codes, length, filters, first_block, block_count, scratch, output);
}

void motif_add_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                               const float *maximum, const int32_t *winner, const float *maximum_gradient,
                               float *gradient, float *bias_gradient) {
  DISPATCH(motif_add_winner_gradient, batch, filters, width, stride, maximum, winner, maximum_gradient, gradient,
           bias_gradient);
}

void motif_add_mean_gradient(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride,
                             const float *mean_gradient, float *table_gradient, float *base_gradient,
                             float *bias_gradient) {
  DISPATCH(motif_add_mean_gradient, batch, filters, scratch, stride, mean_gradient, table_gradient, base_gradient,
           bias_gradient);
}

void motif_pool_windows(const MotifBatch *batch, const MotifTables *filters, int32_t window, uint16_t *scratch,
                        int64_t stride, float *maximum, int32_t *winner, float *mean) {
  DISPATCH(motif_pool_windows, batch, filters, window, scratch, stride, maximum, winner, mean);
}

void motif_add_window_gradient(const MotifBatch *batch, const MotifTables *filters, int32_t window, uint16_t *scratch,
                               int64_t stride, const int32_t *winner, const float *maximum_gradient,
                               const float *mean_gradient, float *table_gradient, float *base_gradient,
                               float *bias_gradient) {
  DISPATCH(motif_add_window_gradient, batch, filters, window, scratch, stride, winner, maximum_gradient, mean_gradient,
           table_gradient, base_gradient, bias_gradient);
}
