#include "Kernels.h"
#include "dispatch.h"

#include <float.h>
#include <string.h>

typedef float Lanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));
typedef int32_t IntLanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));

// One block of filters, as the inner loops see it.
typedef struct {
  const Lanes *bases;
  const Lanes *tables;
  int32_t width;
  int32_t groups;
} Block;

// One sequence: its codes, the k-mer that starts at each position (base 0 past the end, where the tables add
// nothing), and the number of valid positions.
typedef struct {
  const uint8_t *codes;
  const uint8_t *kmers;
  int64_t length;
  int64_t positions;
} Windows;

typedef struct {
  Lanes best;
  IntLanes winner;
  Lanes sum;
} Pooled;

typedef struct {
  Lanes *tables;
  Lanes *bases;
  Lanes bias;
} BlockGradient;

// Where the pooling of one window after the other stands, and where its results go.
typedef struct {
  Lanes best;
  IntLanes winner;
  Lanes sum;
  int64_t end;
  float *maximum_row;
  int32_t *winner_row;
  float *sum_row;
} WindowPooling;

// What flows back into the window at hand, and where that of the next one stands.
typedef struct {
  IntLanes winner;
  Lanes winner_flow;
  Lanes position_flow;
  int64_t end;
  const int32_t *winner_row;
  const float *winner_flow_row;
  const float *position_flow_row;
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

void motif_pool(const MotifBatch *batch, const MotifTables *filters, const float *bias, uint8_t *scratch,
                float *maximum, int32_t *winner, float *rectified_sum) {
  DISPATCH(motif_pool, batch, filters, bias, scratch, maximum, winner, rectified_sum);
}

void motif_convolve(const uint8_t *codes, int64_t length, const MotifTables *filters, uint8_t *scratch,
                    float *output) {
  DISPATCH(motif_convolve, codes, length, filters, scratch, output);
}

void motif_add_rectified_gradient(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                  uint8_t *scratch, const float *position_gradient, float *table_gradient,
                                  float *base_gradient, float *bias_gradient) {
  DISPATCH(motif_add_rectified_gradient, batch, filters, bias, scratch, position_gradient, table_gradient,
           base_gradient, bias_gradient);
}

void motif_add_winner_gradient(const MotifBatch *batch, int32_t filters, int32_t lanes, int32_t width, int reverse,
                               const int32_t *winner, const float *winner_gradient, float *gradient) {
  for (int64_t i = 0; i < batch->count; ++i) {
    const uint8_t *codes = batch->codes + batch->offsets[i];
    for (int32_t filter = 0; filter < filters; ++filter) {
      const float flow = winner_gradient[i * lanes + filter];
      if (flow == 0) continue;
      const uint8_t *window = codes + winner[i * lanes + filter];
      float *rows = gradient + (size_t)filter * width * 4;
      for (int32_t tap = 0; tap < width; ++tap) {
        const uint8_t code = window[reverse ? width - 1 - tap : tap];
        if (code == 4)
          for (int32_t base = 0; base < 4; ++base) rows[tap * 4 + base] += 0.25f * flow;
        else
          rows[tap * 4 + (reverse ? 3 - code : code)] += flow;
      }
    }
  }
}

void motif_pool_windows(const MotifBatch *batch, const MotifTables *filters, const float *bias, int32_t window,
                        uint8_t *scratch, float *maximum, int32_t *winner, float *rectified_sum) {
  DISPATCH(motif_pool_windows, batch, filters, bias, window, scratch, maximum, winner, rectified_sum);
}

void motif_add_window_gradient(const MotifBatch *batch, const MotifTables *filters, const float *bias, int32_t window,
                               uint8_t *scratch, const int32_t *winner, const float *winner_gradient,
                               const float *position_gradient, float *table_gradient, float *base_gradient,
                               float *bias_gradient) {
  DISPATCH(motif_add_window_gradient, batch, filters, bias, window, scratch, winner, winner_gradient,
           position_gradient, table_gradient, base_gradient, bias_gradient);
}
