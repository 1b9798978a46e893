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

INLINE void pool_in_window(const Block *block, const WindowLayout *layout, WindowPooling *pooling, Lanes value,
                           int64_t position, int with_mean) {
  pool_one(&pooling->pooled, value, position, with_mean);
  if (position + 1 < pooling->end) return;
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
      else pool_windows_of_block(&block, &windows, layout, pooling, 0);
    }
  }
}

INLINE void load_window_flow(const Block *block, const WindowLayout *layout, WindowFlow *flow, int with_mean) {
  if (flow->next_maximum) {
    flow->winner = (IntLanes)load_filters(block, (const float *)flow->next_winner);
    flow->maximum = load_filters(block, flow->next_maximum);
    flow->next_winner += layout->filters;
    flow->next_maximum += layout->stride;
  }
  if (with_mean) {
    flow->mean = load_filters(block, flow->next_mean) / (float)layout->window;
    flow->next_mean += layout->stride;
  }
  flow->end += layout->window;
}

// What flows back into the convolution at a position where it is `value`.
INLINE Lanes window_flow_at(const Block *block, const WindowLayout *layout, WindowFlow *flow, Lanes value,
                            int64_t position, int with_mean) {
  if (position == flow->end) load_window_flow(block, layout, flow, with_mean);
  const IntLanes won = flow->winner == splat((int32_t)position);
  const Lanes passed = (Lanes)(won & (IntLanes)flow->maximum);
  return with_mean ? passed + (Lanes)((value > 0) & (IntLanes)flow->mean) : passed;
}

INLINE void window_gradient_known(const Block *block, const WindowLayout *layout, WindowFlow *flow,
                                  const uint16_t *kmers, int64_t position, BlockGradient *gradient,
                                  int with_mean) {
  const Lanes value = with_mean ? at_known(block, kmers) : (Lanes){};
  const Lanes passed = window_flow_at(block, layout, flow, value, position, with_mean);
  if (!__builtin_reduce_or((IntLanes)passed)) return;
  gradient->bias += passed;
  for (int32_t group = 0; group < block->groups; ++group)
    *(Row *)row_at(gradient->tables + group * MOTIF_ROWS, kmers[group * MOTIF_GROUP]) += passed;
}

INLINE void add_window_gradient_of_block(const Block *block, const Windows *windows, WindowLayout layout,
                                         WindowFlow flow, BlockGradient *gradient, int with_mean) {
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        for (int k = 0; k < 4; ++k)
          window_gradient_known(block, &layout, &flow, windows->kmers + position + k, position + k, gradient,
                                with_mean);
      },
      {
        window_gradient_known(block, &layout, &flow, windows->kmers + position, position, gradient, with_mean);
      },
      {
        const Lanes value = at_unknown(block, windows, position);
        const Lanes passed = window_flow_at(block, &layout, &flow, value, position, with_mean);
        gradient->bias += passed;
        for (int32_t tap = 0; tap < block->width; ++tap)
          gradient->bases[tap * 5 + windows->codes[position + tap]] += passed;
      })
}

static void KERNEL(motif_add_window_gradient)(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                              uint16_t *scratch, int64_t stride, const int32_t *winner,
                                              const float *maximum_gradient, const float *mean_gradient,
                                              float *table_gradient, float *base_gradient, float *bias_gradient) {
  const WindowLayout layout = {window, filters->filters, stride};
  fill_batch_kmers(batch, filters->width, scratch);
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    const int32_t first = b * MOTIF_LANES;
    BlockGradient gradient = gradient_of(&block, first, table_gradient, base_gradient, bias_gradient);
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = whole_windows_of(batch, i, filters->width, window, scratch);
      const int64_t row = i * (windows.positions / window);
      const WindowFlow flow = {.winner = splat(-1),
                               .next_winner = maximum_gradient ? winner + row * filters->filters + first : NULL,
                               .next_maximum = maximum_gradient ? maximum_gradient + row * stride + first : NULL,
                               .next_mean = mean_gradient ? mean_gradient + row * stride + first : NULL};
      if (mean_gradient) add_window_gradient_of_block(&block, &windows, layout, flow, &gradient, 1);
      else add_window_gradient_of_block(&block, &windows, layout, flow, &gradient, 0);
    }
    store_filters(&block, bias_gradient + first, gradient.bias);
  }
}
