#pragma once

#include "convolution_loops.h"

// A filter's whole numbers on one strand and on both.
typedef int16_t Steps __attribute__((ext_vector_type(MOTIF_LANES), aligned(2 * MOTIF_LANES)));
typedef int16_t StrandSteps __attribute__((ext_vector_type(2 * MOTIF_LANES), aligned(4 * MOTIF_LANES)));
typedef _Bool StepMask __attribute__((ext_vector_type(MOTIF_LANES)));

_Static_assert(sizeof(StrandSteps) == sizeof(Row), "k-mers are places in bytes of rows of either kind");

INLINE Steps forward_steps(StrandSteps both) {
  return __builtin_shufflevector(both, both, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

INLINE Steps reverse_steps(StrandSteps both) {
  return __builtin_shufflevector(both, both, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
}

INLINE Steps larger_steps(Steps a, Steps b) { return __builtin_elementwise_max(a, b); }

// The sums of a block's rows at four positions in a row, as at_known_four reads them, of one strand or of both.
#define DEFINE_SUM_FOUR(NAME, VECTOR)                                                                         \
  INLINE void NAME(const char *rows, int32_t groups, const uint16_t *kmers, VECTOR *sums) {                   \
    VECTOR a = 0, b = 0, c = 0, d = 0;                                                                        \
    for (int32_t group = 0; group < groups; ++group, rows += STEP_ROWS_SIZE, kmers += MOTIF_GROUP) {          \
      uint64_t four;                                                                                          \
      memcpy(&four, kmers, sizeof four);                                                                      \
      a = __builtin_elementwise_add_sat(a, *(const VECTOR *)(rows + (uint16_t)four));                         \
      b = __builtin_elementwise_add_sat(b, *(const VECTOR *)(rows + (uint16_t)(four >> 16)));                 \
      c = __builtin_elementwise_add_sat(c, *(const VECTOR *)(rows + (uint16_t)(four >> 32)));                 \
      d = __builtin_elementwise_add_sat(d, *(const VECTOR *)(rows + (uint16_t)(four >> 48)));                 \
    }                                                                                                         \
    sums[0] = a;                                                                                              \
    sums[1] = b;                                                                                              \
    sums[2] = c;                                                                                              \
    sums[3] = d;                                                                                              \
  }
// The bytes of a group's rows.
#define STEP_ROWS_SIZE (MOTIF_ROWS * sizeof(StrandSteps))
DEFINE_SUM_FOUR(strand_sum_four, Steps)
DEFINE_SUM_FOUR(both_sum_four, StrandSteps)

// The features of a block at four positions in a row.
INLINE void screen_four(const char *rows, int32_t groups, const uint16_t *kmers, ScreenStrand strand, Steps *values) {
  const Steps none = 0;
  if (strand != SCREEN_BOTH_STRANDS) {
    strand_sum_four(rows + (strand == SCREEN_REVERSE ? sizeof(Steps) : 0), groups, kmers, values);
    for (int32_t k = 0; k < 4; ++k) values[k] = larger_steps(values[k], none);
    return;
  }
  StrandSteps sums[4];
  both_sum_four(rows, groups, kmers, sums);
  for (int32_t k = 0; k < 4; ++k)
    values[k] = larger_steps(larger_steps(forward_steps(sums[k]), reverse_steps(sums[k])), none);
}

// `values` have room for three more than `positions`, which are read from the zeros behind the k-mers.
INLINE void screen_positions(const char *rows, int32_t groups, const uint16_t *kmers, int64_t positions,
                             ScreenStrand strand, Steps *values) {
  for (int64_t position = 0; position < positions; position += 4)
    screen_four(rows, groups, kmers + position, strand, values + position);
}

// What a block's features of a window add to the hidden units.
typedef struct {
  const float *weights;
  const int32_t *first_units;
  int64_t stride;
  int32_t vectors;
} StepWeights;

// Adds what features that differ from those of the window before change.
INLINE void add_changes(Steps now, Steps before, const StepWeights *weights, float *changes) {
  const StepMask mask = __builtin_convertvector(now != before, StepMask);
  uint16_t bits;
  memcpy(&bits, &mask, sizeof bits);
  if (!bits) return;
  const Steps differences = now - before;
  int16_t steps[MOTIF_LANES];
  memcpy(steps, &differences, sizeof steps);
  for (uint32_t rest = bits; rest; rest &= rest - 1) {
    const int32_t lane = __builtin_ctz(rest);
    const float change = steps[lane];
    const float *weight = weights->weights + lane * weights->vectors * MOTIF_LANES;
    float *sums = changes + weights->first_units[lane];
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < weights->vectors; ++v)
      *(Lanes *)(sums + v * MOTIF_LANES) += change * *(const Lanes *)(weight + v * MOTIF_LANES);
  }
}

// The sliding maxima of a block's values, as slide_lanes finds them, and what they change.
INLINE void slide_changes(const Steps *values, int64_t windows, int64_t positions, const StepWeights *weights,
                          Steps *suffixes, float *changes) {
  Steps before = 0;
  for (int64_t first = 0; first < windows; first += positions) {
    const Steps *block = values + first;
    Steps suffix = block[positions - 1];
    suffixes[positions - 1] = suffix;
    for (int64_t i = positions - 2; i >= 0; --i) suffixes[i] = suffix = larger_steps(block[i], suffix);
    const int64_t end = windows - first < positions ? windows - first : positions;
    Steps prefix = 0;
    for (int64_t i = 0; i < end; ++i) {
      if (i > 0) prefix = larger_steps(prefix, block[positions + i - 1]);
      const Steps now = larger_steps(suffixes[i], prefix);
      add_changes(now, before, weights, changes + (first + i) * weights->stride);
      before = now;
    }
  }
}

INLINE void screen_blocks(const MotifScreen *screen, ScreenStrand strand, const uint8_t *codes, int64_t windows,
                          int64_t positions, void *scratch, float *changes, int32_t vectors) {
  const int64_t count = windows + positions - 1, length = count + screen->width - 1;
  const int32_t groups = group_count(screen->width);
  Steps *values = scratch, *suffixes = values + count + 3;
  uint16_t *kmers = (uint16_t *)(suffixes + positions);
  fill_kmers(codes, length, screen->width, kmers);
  memset(changes, 0, (size_t)(windows * screen->all_units) * sizeof(float));
  for (int32_t block = 0; block < screen->blocks; ++block) {
    const char *rows = (const char *)screen->tables + (size_t)(block * groups) * STEP_ROWS_SIZE;
    const StepWeights weights = {screen->weights + (size_t)block * MOTIF_LANES * vectors * MOTIF_LANES,
                                 screen->first_units + block * MOTIF_LANES, screen->all_units, vectors};
    if (strand == SCREEN_BOTH_STRANDS)
      screen_positions(rows, groups, kmers, count, SCREEN_BOTH_STRANDS, values);
    else screen_positions(rows, groups, kmers, count, strand, values);
    slide_changes(values, windows, positions, &weights, suffixes, changes);
  }
}

static void KERNEL(motif_screen)(const MotifScreen *screen, ScreenStrand strand, const uint8_t *codes,
                                 int64_t windows, int64_t positions, void *scratch, float *changes) {
  switch (screen->units / MOTIF_LANES) {
    case 1: screen_blocks(screen, strand, codes, windows, positions, scratch, changes, 1); break;
    case 2: screen_blocks(screen, strand, codes, windows, positions, scratch, changes, 2); break;
    default: screen_blocks(screen, strand, codes, windows, positions, scratch, changes, 4);
  }
}

INLINE void rectified_outputs(const ScreenHead *head, const float *changes, int64_t rows, float *output,
                              int32_t vectors) {
  Lanes sums[4];
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) sums[v] = *(const Lanes *)(head->hidden_bias + v * MOTIF_LANES);
  changes += head->first_unit;
  for (int64_t row = 0; row < rows; ++row, changes += head->all_units) {
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v) sums[v] += *(const Lanes *)(changes + v * MOTIF_LANES);
    for (int32_t task = 0; task < head->tasks; ++task) {
      const float *weights = head->weights + (int64_t)task * vectors * MOTIF_LANES;
      Lanes products = {};
#pragma clang loop unroll(full)
      for (int32_t v = 0; v < vectors; ++v)
        products += rectified(sums[v]) * *(const Lanes *)(weights + v * MOTIF_LANES);
      *output++ += lane_sum(products);
    }
  }
}

static void KERNEL(screen_outputs)(const ScreenHead *head, const float *changes, int64_t rows, float *output) {
  switch (head->units / MOTIF_LANES) {
    case 1: rectified_outputs(head, changes, rows, output, 1); break;
    case 2: rectified_outputs(head, changes, rows, output, 2); break;
    default: rectified_outputs(head, changes, rows, output, 4);
  }
}
