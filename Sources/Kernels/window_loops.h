#pragma once

#include "gradient_loops.h"

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

// The positions of a sequence that whole windows cover.
INLINE Windows whole_windows_of(const MotifBatch *batch, int64_t index, int32_t width, int32_t window,
                                const uint16_t *scratch) {
  Windows windows = windows_of(batch, index, width, scratch);
  windows.positions -= windows.positions % window;
  return windows;
}

INLINE void begin_window(WindowPooling *pooling) {
  pooling->pooled = (Pooled){(Lanes){}, splat(-1), (Lanes){}};
}

INLINE void end_window(const Block *block, const WindowLayout *layout, WindowPooling *pooling, int with_mean) {
  if (pooling->maximum) {
    store_filters(block, pooling->maximum, pooling->pooled.best);
    store_filters(block, (float *)pooling->winner, (Lanes)pooling->pooled.winner);
    pooling->maximum += layout->stride;
    pooling->winner += layout->filters;
  }
  if (with_mean) {
    store_filters(block, pooling->mean, pooling->pooled.sum / (float)layout->window);
    pooling->mean += layout->stride;
  }
  pooling->end += layout->window;
  begin_window(pooling);
}

INLINE void pool_in_window(const Block *block, const WindowLayout *layout, WindowPooling *pooling, Lanes value,
                           int64_t position, int with_mean) {
  pool_one(&pooling->pooled, value, position, with_mean);
  if (position + 1 == pooling->end) end_window(block, layout, pooling, with_mean);
}

INLINE void pool_windows_of_block(const Block *block, const Windows *windows, WindowLayout layout,
                                  WindowPooling pooling, int with_mean) {
  begin_window(&pooling);
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        at_known_four(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k)
          pool_in_window(block, &layout, &pooling, sums[k], position + k, with_mean);
      },
      {
        const Lanes sum = at_known(block, windows->kmers + position);
        pool_in_window(block, &layout, &pooling, sum, position, with_mean);
      },
      {
        const Lanes sum = at_unknown(block, windows, position);
        pool_in_window(block, &layout, &pooling, sum, position, with_mean);
      })
}

// The maxima of a sequence without unknown bases, by so many groups of taps.
INLINE void pool_known_windows(Block block, const Windows *windows, WindowLayout layout, WindowPooling pooling,
                               int32_t groups) {
  block.groups = groups;
  const uint16_t *kmers = windows->kmers;
  const int32_t fours = layout.window / 4, rest = layout.window % 4;
  IntLanes position = {};
  for (int64_t window = windows->positions / layout.window; window > 0; --window) {
    Pooled pooled = {.winner = splat(-1)};
    for (int32_t i = fours; i > 0; --i, kmers += 4) {
      Lanes sums[4];
      at_known_four(&block, kmers, sums);
      for (int32_t k = 0; k < 4; ++k, position += 1) pool_larger(&pooled, sums[k], position);
    }
    for (int32_t i = rest; i > 0; --i, ++kmers, position += 1)
      pool_larger(&pooled, at_known(&block, kmers), position);
    store_filters(&block, pooling.maximum, pooled.best);
    store_filters(&block, (float *)pooling.winner, (Lanes)pooled.winner);
    pooling.maximum += layout.stride;
    pooling.winner += layout.filters;
  }
}

INLINE void pool_maxima(const Block *block, const Windows *windows, WindowLayout layout, WindowPooling pooling) {
  if (memchr(windows->codes, 4, (size_t)windows->length)) {
    pool_windows_of_block(block, windows, layout, pooling, 0);
    return;
  }
#define POOL_KNOWN(GROUPS) pool_known_windows(*block, windows, layout, pooling, GROUPS)
  WITH_GROUPS(block->groups, POOL_KNOWN)
#undef POOL_KNOWN
}

static void KERNEL(motif_pool_windows)(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                       uint16_t *scratch, int64_t stride, float *maximum, int32_t *winner,
                                       float *mean) {
  const WindowLayout layout = {window, filters->filters, stride};
  fill_batch_kmers(batch, filters->width, scratch);
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    const int32_t first = b * MOTIF_LANES;
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = whole_windows_of(batch, i, filters->width, window, scratch);
      const int64_t row = i * (windows.positions / window);
      const WindowPooling pooling = {.end = window,
                                     .maximum = maximum ? maximum + row * stride + first : NULL,
                                     .winner = maximum ? winner + row * filters->filters + first : NULL,
                                     .mean = mean ? mean + row * stride + first : NULL};
      if (mean) pool_windows_of_block(&block, &windows, layout, pooling, 1);
      else pool_maxima(&block, &windows, layout, pooling);
    }
  }
}

INLINE void window_mean_gradient_of_block(const Block *block, const Windows *windows, int32_t window,
                                          const float *mean_gradient, int64_t stride, BlockGradient *gradient) {
  Lanes flow = {};
  int64_t end = 0;
#define FLOW_AT(POSITION)                                                     \
  if ((POSITION) == end) {                                                    \
    flow = load_filters(block, mean_gradient) / (float)window;                \
    mean_gradient += stride;                                                  \
    end += window;                                                            \
  }
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        at_known_four(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k) {
          FLOW_AT(position + k)
          pass_back_known(block, windows->kmers + position + k, sums[k], flow, gradient);
        }
      },
      {
        FLOW_AT(position)
        const Lanes value = at_known(block, windows->kmers + position);
        pass_back_known(block, windows->kmers + position, value, flow, gradient);
      },
      {
        FLOW_AT(position)
        pass_back_unknown(block, windows, position, flow, gradient);
      })
#undef FLOW_AT
}

static void KERNEL(motif_add_window_mean_gradient)(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                                   uint16_t *scratch, int64_t stride, const float *mean_gradient,
                                                   float *table_gradient, float *base_gradient,
                                                   float *bias_gradient) {
  fill_batch_kmers(batch, filters->width, scratch);
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    const int32_t first = b * MOTIF_LANES;
    BlockGradient gradient = gradient_of(&block, first, table_gradient, base_gradient, bias_gradient);
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = whole_windows_of(batch, i, filters->width, window, scratch);
      const int64_t row = i * (windows.positions / window);
      window_mean_gradient_of_block(&block, &windows, window, mean_gradient + row * stride + first, stride, &gradient);
    }
    store_filters(&block, bias_gradient + first, gradient.bias);
  }
}
