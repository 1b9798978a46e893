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

// The one-hot tensor of a sequence, [position][base], a quarter for each base where it is unknown, and zeros behind it
// as far as the last window is read.
INLINE void fill_one_hot(const uint8_t *codes, int64_t length, int32_t width, float *one_hot) {
  static const float rows[5][4] = {{1}, {0, 1}, {0, 0, 1}, {0, 0, 0, 1}, {0.25f, 0.25f, 0.25f, 0.25f}};
  for (int64_t i = 0; i < length; ++i) memcpy(one_hot + i * 4, rows[codes[i]], sizeof rows[0]);
  memset(one_hot + length * 4, 0, winner_row(width) * sizeof(float));
}

// The winners of a block of filters in one sequence, [window][lane], and their gradients. Where there is none, nothing
// times the first position's: a branch would be guessed wrong too often.
typedef struct {
  IntLanes *place;
  Lanes *flow;
  int64_t windows;
} Winners;

// Copies the winners of `count` filters, from rows of `filters` and `stride`, and adds their gradients to the biases'.
INLINE void load_winners(const Winners *winners, int32_t count, const int32_t *winner, int64_t filters,
                         const float *gradient, int64_t stride, float *bias_gradient) {
  Lanes sum = load_some(count, bias_gradient);
  for (int64_t i = 0; i < winners->windows; ++i) {
    const IntLanes place = (IntLanes)load_some(count, (const float *)winner + i * filters), is_won = place >= 0;
    winners->place[i] = place & is_won;
    winners->flow[i] = (Lanes)(is_won & (IntLanes)load_some(count, gradient + i * stride));
    sum += winners->flow[i];
  }
  store_some(count, bias_gradient, sum);
}

// As many sums as stay in registers.
#define WINNER_VECTORS 12

// Adds the one-hot rows from each winner of a lane on, times its gradient, to `vectors` vectors of sums.
INLINE void add_winners(const float *one_hot, const Winners *winners, int32_t lane, int32_t vectors, float *gradient) {
  const int32_t *place = (const int32_t *)winners->place + lane;
  const float *flow = (const float *)winners->flow + lane;
  Vector sums[WINNER_VECTORS];
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) sums[v] = *(const Vector *)(gradient + v * VECTOR_FLOATS);
  for (int64_t i = 0; i < winners->windows; ++i, place += MOTIF_LANES, flow += MOTIF_LANES)
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v)
      sums[v] += *flow * *(const Vector *)(one_hot + *place * 4 + v * VECTOR_FLOATS);
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) *(Vector *)(gradient + v * VECTOR_FLOATS) = sums[v];
}

// The number of sums is known in the loop, so that they stay in registers.
INLINE void add_some_winners(const float *one_hot, const Winners *winners, int32_t lane, int32_t vectors,
                             float *gradient) {
#define ADD_WINNERS(COUNT) \
  case COUNT: add_winners(one_hot, winners, lane, COUNT, gradient); break;
  switch (vectors) {
    ADD_WINNERS(1) ADD_WINNERS(2) ADD_WINNERS(3) ADD_WINNERS(4) ADD_WINNERS(5) ADD_WINNERS(6)
    ADD_WINNERS(7) ADD_WINNERS(8) ADD_WINNERS(9) ADD_WINNERS(10) ADD_WINNERS(11)
    default: add_winners(one_hot, winners, lane, WINNER_VECTORS, gradient);
  }
#undef ADD_WINNERS
}

static void KERNEL(motif_add_window_winner_gradient)(const MotifBatch *batch, int32_t filters, int32_t width,
                                                     int64_t windows, float *scratch, int64_t stride,
                                                     const int32_t *winner, const float *maximum_gradient,
                                                     float *gradient, float *bias_gradient) {
  const int32_t vectors = (int32_t)(winner_row(width) / VECTOR_FLOATS);
  Winners winners = {(IntLanes *)scratch, (Lanes *)scratch + windows, windows};
  float *one_hot = scratch + 2 * windows * MOTIF_LANES;
  for (int64_t i = 0; i < batch->count; ++i) {
    fill_one_hot(batch->codes + batch->offsets[i], batch->offsets[i + 1] - batch->offsets[i], width, one_hot);
    for (int32_t first = 0; first < filters; first += MOTIF_LANES) {
      const int32_t count = filters - first < MOTIF_LANES ? filters - first : MOTIF_LANES;
      load_winners(&winners, count, winner + i * windows * filters + first, filters,
                   maximum_gradient + i * windows * stride + first, stride, bias_gradient + first);
      for (int32_t lane = 0; lane < count; ++lane)
        for (int32_t v = 0; v < vectors; v += WINNER_VECTORS)
          add_some_winners(one_hot + v * VECTOR_FLOATS, &winners, lane,
                           vectors - v < WINNER_VECTORS ? vectors - v : WINNER_VECTORS,
                           gradient + (size_t)(first + lane) * winner_row(width) + v * VECTOR_FLOATS);
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
