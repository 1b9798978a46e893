#pragma once

#include "convolution_loops.h"

typedef uint8_t Bytes __attribute__((vector_size(16)));
typedef uint32_t Words __attribute__((vector_size(16)));

typedef struct {
  Row *tables;
  Lanes *bases;
  Lanes bias;
} BlockGradient;

// The gradient of the block whose first filter is `first`.
INLINE BlockGradient gradient_of(const Block *block, int32_t first, float *table_gradient, float *base_gradient,
                                 const float *bias_gradient) {
  return (BlockGradient){(Row *)(table_gradient + motif_table_count(first, block->width)),
                         (Lanes *)(base_gradient + motif_base_count(first, block->width)),
                         load_filters(block, bias_gradient + first)};
}

INLINE void pass_back_known(const Block *block, const uint16_t *kmers, Lanes value, Lanes flow,
                            BlockGradient *gradient) {
  const Lanes passed = (Lanes)((value > 0) & (IntLanes)flow);
  if (!__builtin_reduce_or((IntLanes)passed)) return;
  gradient->bias += passed;
  for (int32_t group = 0; group < block->groups; ++group)
    *(Row *)row_at(gradient->tables + group * MOTIF_ROWS, kmers[group * MOTIF_GROUP]) += passed;
}

INLINE void pass_back_unknown(const Block *block, const Windows *windows, int64_t position, Lanes flow,
                              BlockGradient *gradient) {
  const IntLanes active = at_unknown(block, windows, position) > 0;
  const Lanes passed = (Lanes)(active & (IntLanes)flow);
  gradient->bias += passed;
  for (int32_t tap = 0; tap < block->width; ++tap)
    gradient->bases[tap * 5 + windows->codes[position + tap]] += passed;
}

static void KERNEL(motif_add_mean_gradient)(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch,
                                            int64_t stride, const float *mean_gradient, float *table_gradient,
                                            float *base_gradient, float *bias_gradient) {
  fill_batch_kmers(batch, filters->width, scratch);
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    const int32_t first = b * MOTIF_LANES;
    BlockGradient gradient = gradient_of(&block, first, table_gradient, base_gradient, bias_gradient);
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = windows_of(batch, i, filters->width, scratch);
      const Lanes flow =
          load_filters(&block, mean_gradient + i * stride + first) / (float)windows.positions;
      FOR_EACH_POSITION(
          windows, block.width,
          {
            Lanes sums[4];
            at_known_four(&block, windows.kmers + position, sums);
            for (int k = 0; k < 4; ++k)
              pass_back_known(&block, windows.kmers + position + k, sums[k], flow, &gradient);
          },
          {
            const Lanes value = at_known(&block, windows.kmers + position);
            pass_back_known(&block, windows.kmers + position, value, flow, &gradient);
          },
          { pass_back_unknown(&block, &windows, position, flow, &gradient); })
    }
    store_filters(&block, bias_gradient + first, gradient.bias);
  }
}

// All ones in lane 4 · tap + base where one of four codes, that of the tap, is the base.
INLINE IntLanes one_hot_four(const uint8_t *codes) {
  uint32_t word;
  memcpy(&word, codes, sizeof word);
  const Bytes four = (Bytes)(Words){word, 0, 0, 0};
  const Bytes spread = __builtin_shufflevector(four, four, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const Bytes bases = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
  return __builtin_convertvector(spread == bases, IntLanes);
}

// Adds `flow` at the base that each tap of a window reads; `known` where none of them is unknown.
INLINE void add_window(const uint8_t *window, int32_t width, int known, float flow, float *rows) {
  const IntLanes bits = (IntLanes)splat_float(flow);
  int32_t tap = 0;
  for (; known && tap + 4 <= width; tap += 4)
    *(Lanes *)(rows + tap * 4) += (Lanes)(one_hot_four(window + tap) & bits);
  for (; tap < width; ++tap)
    if (window[tap] < 4) rows[tap * 4 + window[tap]] += flow;
    else
      for (int32_t base = 0; base < 4; ++base) rows[tap * 4 + base] += 0.25f * flow;
}

static void KERNEL(motif_add_winner_gradient)(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                                              const float *maximum, const int32_t *winner,
                                              const float *maximum_gradient, float *gradient, float *bias_gradient) {
  for (int64_t i = 0; i < batch->count; ++i) {
    const uint8_t *codes = batch->codes + batch->offsets[i];
    const int known = !memchr(codes, 4, (size_t)(batch->offsets[i + 1] - batch->offsets[i]));
    for (int32_t filter = 0; filter < filters; ++filter) {
      const float flow = maximum_gradient[i * stride + filter];
      if (maximum[i * stride + filter] <= 0 || flow == 0) continue;
      bias_gradient[filter] += flow;
      add_window(codes + winner[i * filters + filter], width, known, flow,
                 gradient + (size_t)filter * winner_row(width));
    }
  }
}

static void KERNEL(motif_transpose_gradient)(const float *restrict filter_gradient, int32_t filters, int32_t width,
                                             int reverse, float *restrict gradient) {
  for (int32_t tap = 0; tap < width; ++tap)
    for (int32_t base = 0; base < 4; ++base) {
      float *out = gradient + weight_row(width, tap, base, reverse) * filters;
      const float *in = filter_gradient + tap * 4 + base;
      for (int32_t filter = 0; filter < filters; ++filter) out[filter] += in[(size_t)filter * winner_row(width)];
    }
}
