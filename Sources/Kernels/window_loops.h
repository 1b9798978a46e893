// The loops of convolution.c that pool in windows, compiled as those of convolution_loops.h are.

// The positions of a sequence that whole windows cover.
INLINE Windows VARIANT(whole_windows_of)(const MotifBatch *batch, int64_t index, int32_t width, int32_t window,
                                         const uint16_t *scratch) {
  Windows windows = VARIANT(windows_of)(batch, index, width, scratch);
  windows.positions -= windows.positions % window;
  return windows;
}

INLINE void VARIANT(begin_window)(WindowPooling *pooling) {
  pooling->pooled = (Pooled){(Lanes){}, VARIANT(splat)(-1), (Lanes){}};
}

INLINE void VARIANT(pool_in_window)(const Block *block, const WindowLayout *layout, WindowPooling *pooling, Lanes value,
                                    int64_t position, int with_mean) {
  VARIANT(pool_one)(&pooling->pooled, value, position, with_mean);
  if (position + 1 < pooling->end) return;
  if (pooling->maximum) {
    VARIANT(store_filters)(block, pooling->maximum, pooling->pooled.best);
    VARIANT(store_filters)(block, (float *)pooling->winner, (Lanes)pooling->pooled.winner);
    pooling->maximum += layout->stride;
    pooling->winner += layout->filters;
  }
  if (with_mean) {
    VARIANT(store_filters)(block, pooling->mean, pooling->pooled.sum / (float)layout->window);
    pooling->mean += layout->stride;
  }
  pooling->end += layout->window;
  VARIANT(begin_window)(pooling);
}

INLINE void VARIANT(pool_windows_of_block)(const Block *block, const Windows *windows, WindowLayout layout,
                                           WindowPooling pooling, int with_mean) {
  VARIANT(begin_window)(&pooling);
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        VARIANT(at_known_four)(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k)
          VARIANT(pool_in_window)(block, &layout, &pooling, sums[k], position + k, with_mean);
      },
      {
        const Lanes sum = VARIANT(at_known)(block, windows->kmers + position);
        VARIANT(pool_in_window)(block, &layout, &pooling, sum, position, with_mean);
      },
      {
        const Lanes sum = VARIANT(at_unknown)(block, windows, position);
        VARIANT(pool_in_window)(block, &layout, &pooling, sum, position, with_mean);
      })
}

static void VARIANT(motif_pool_windows)(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                        uint16_t *scratch, int64_t stride, float *maximum, int32_t *winner,
                                        float *mean) {
  const WindowLayout layout = {window, filters->filters, stride};
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < VARIANT(block_count)(filters); ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const int32_t first = b * MOTIF_LANES;
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(whole_windows_of)(batch, i, filters->width, window, scratch);
      const int64_t row = i * (windows.positions / window);
      const WindowPooling pooling = {.end = window,
                                     .maximum = maximum ? maximum + row * stride + first : NULL,
                                     .winner = maximum ? winner + row * filters->filters + first : NULL,
                                     .mean = mean ? mean + row * stride + first : NULL};
      if (mean) VARIANT(pool_windows_of_block)(&block, &windows, layout, pooling, 1);
      else VARIANT(pool_windows_of_block)(&block, &windows, layout, pooling, 0);
    }
  }
}

INLINE void VARIANT(load_window_flow)(const Block *block, const WindowLayout *layout, WindowFlow *flow, int with_mean) {
  if (flow->next_maximum) {
    flow->winner = (IntLanes)VARIANT(load_filters)(block, (const float *)flow->next_winner);
    flow->maximum = VARIANT(load_filters)(block, flow->next_maximum);
    flow->next_winner += layout->filters;
    flow->next_maximum += layout->stride;
  }
  if (with_mean) {
    flow->mean = VARIANT(load_filters)(block, flow->next_mean) / (float)layout->window;
    flow->next_mean += layout->stride;
  }
  flow->end += layout->window;
}

// What flows back into the convolution at a position where it is `value`.
INLINE Lanes VARIANT(window_flow_at)(const Block *block, const WindowLayout *layout, WindowFlow *flow, Lanes value,
                                     int64_t position, int with_mean) {
  if (position == flow->end) VARIANT(load_window_flow)(block, layout, flow, with_mean);
  const IntLanes won = flow->winner == VARIANT(splat)((int32_t)position);
  const Lanes passed = (Lanes)(won & (IntLanes)flow->maximum);
  return with_mean ? passed + (Lanes)((value > 0) & (IntLanes)flow->mean) : passed;
}

INLINE void VARIANT(window_gradient_known)(const Block *block, const WindowLayout *layout, WindowFlow *flow,
                                           const uint16_t *kmers, int64_t position, BlockGradient *gradient,
                                           int with_mean) {
  const Lanes value = with_mean ? VARIANT(at_known)(block, kmers) : (Lanes){};
  const Lanes passed = VARIANT(window_flow_at)(block, layout, flow, value, position, with_mean);
  if (!__builtin_reduce_or((IntLanes)passed)) return;
  gradient->bias += passed;
  for (int32_t group = 0; group < block->groups; ++group)
    *(Row *)VARIANT(row_at)(gradient->tables + group * MOTIF_ROWS, kmers[group * MOTIF_GROUP]) += passed;
}

INLINE void VARIANT(add_window_gradient_of_block)(const Block *block, const Windows *windows, WindowLayout layout,
                                                  WindowFlow flow, BlockGradient *gradient, int with_mean) {
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        for (int k = 0; k < 4; ++k)
          VARIANT(window_gradient_known)(block, &layout, &flow, windows->kmers + position + k, position + k, gradient,
                                         with_mean);
      },
      {
        VARIANT(window_gradient_known)(block, &layout, &flow, windows->kmers + position, position, gradient, with_mean);
      },
      {
        const Lanes value = VARIANT(at_unknown)(block, windows, position);
        const Lanes passed = VARIANT(window_flow_at)(block, &layout, &flow, value, position, with_mean);
        gradient->bias += passed;
        for (int32_t tap = 0; tap < block->width; ++tap)
          gradient->bases[tap * 5 + windows->codes[position + tap]] += passed;
      })
}

static void VARIANT(motif_add_window_gradient)(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                               uint16_t *scratch, int64_t stride, const int32_t *winner,
                                               const float *maximum_gradient, const float *mean_gradient,
                                               float *table_gradient, float *base_gradient, float *bias_gradient) {
  const WindowLayout layout = {window, filters->filters, stride};
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < VARIANT(block_count)(filters); ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const int32_t first = b * MOTIF_LANES;
    BlockGradient gradient = {(Row *)(table_gradient + motif_table_count(first, filters->width)),
                              (Lanes *)(base_gradient + motif_base_count(first, filters->width)),
                              VARIANT(load_filters)(&block, bias_gradient + first)};
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(whole_windows_of)(batch, i, filters->width, window, scratch);
      const int64_t row = i * (windows.positions / window);
      const WindowFlow flow = {.winner = VARIANT(splat)(-1),
                               .next_winner = maximum_gradient ? winner + row * filters->filters + first : NULL,
                               .next_maximum = maximum_gradient ? maximum_gradient + row * stride + first : NULL,
                               .next_mean = mean_gradient ? mean_gradient + row * stride + first : NULL};
      if (mean_gradient) VARIANT(add_window_gradient_of_block)(&block, &windows, layout, flow, &gradient, 1);
      else VARIANT(add_window_gradient_of_block)(&block, &windows, layout, flow, &gradient, 0);
    }
    VARIANT(store_filters)(&block, bias_gradient + first, gradient.bias);
  }
}
