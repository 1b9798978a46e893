// The loops of convolution.c that pool in windows, compiled as those of convolution_loops.h are.

// The positions of a sequence that whole windows cover.
INLINE Windows VARIANT(whole_windows_of)(const MotifBatch *batch, int64_t index, int32_t width, int32_t window,
                                         const uint8_t *scratch) {
  Windows windows = VARIANT(windows_of)(batch, index, width, scratch);
  windows.positions -= windows.positions % window;
  return windows;
}

INLINE void VARIANT(begin_window)(WindowPooling *pooling) {
  pooling->best = pooling->sum = (Lanes){};
  pooling->winner = VARIANT(splat)(-1);
}

INLINE void VARIANT(pool_in_window)(WindowPooling *pooling, Lanes value, int64_t position, int32_t window,
                                    int32_t lanes, int with_sum) {
  const IntLanes better = value > pooling->best;
  pooling->best = VARIANT(select_lanes)(better, value, pooling->best);
  pooling->winner = VARIANT(select_ints)(better, VARIANT(splat)((int32_t)position), pooling->winner);
  if (with_sum) pooling->sum += VARIANT(select_lanes)(value > 0, value, (Lanes){});
  if (position + 1 < pooling->end) return;
  *(Lanes *)pooling->maximum_row = pooling->best;
  *(IntLanes *)pooling->winner_row = pooling->winner;
  pooling->maximum_row += lanes;
  pooling->winner_row += lanes;
  if (with_sum) {
    *(Lanes *)pooling->sum_row = pooling->sum;
    pooling->sum_row += lanes;
  }
  pooling->end += window;
  VARIANT(begin_window)(pooling);
}

INLINE void VARIANT(pool_windows_of_block)(const Block *block, const Windows *windows, Lanes bias, int32_t window,
                                           int32_t lanes, WindowPooling pooling, int with_sum) {
  VARIANT(begin_window)(&pooling);
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        VARIANT(at_known_four)(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k)
          VARIANT(pool_in_window)(&pooling, sums[k] + bias, position + k, window, lanes, with_sum);
      },
      {
        const Lanes sum = VARIANT(at_known)(block, windows->kmers + position);
        VARIANT(pool_in_window)(&pooling, sum + bias, position, window, lanes, with_sum);
      },
      {
        const Lanes sum = VARIANT(at_unknown)(block, windows, position);
        VARIANT(pool_in_window)(&pooling, sum + bias, position, window, lanes, with_sum);
      })
}

static void VARIANT(motif_pool_windows)(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                        int32_t window, uint8_t *scratch, float *maximum, int32_t *winner,
                                        float *rectified_sum) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < filters->blocks; ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const Lanes block_bias = *(const Lanes *)(bias + b * MOTIF_LANES);
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(whole_windows_of)(batch, i, filters->width, window, scratch);
      const int64_t at = i * (windows.positions / window) * lanes + b * MOTIF_LANES;
      WindowPooling pooling = {.end = window, .maximum_row = maximum + at, .winner_row = winner + at};
      if (rectified_sum) {
        pooling.sum_row = rectified_sum + at;
        VARIANT(pool_windows_of_block)(&block, &windows, block_bias, window, lanes, pooling, 1);
      } else {
        VARIANT(pool_windows_of_block)(&block, &windows, block_bias, window, lanes, pooling, 0);
      }
    }
  }
}

// What flows back into the convolution at a position: `value` is the convolution with its bias.
INLINE Lanes VARIANT(flow_at)(WindowFlow *flow, Lanes value, int64_t position, int32_t window, int32_t lanes,
                              int with_positions) {
  if (position == flow->end) {
    flow->winner = *(const IntLanes *)flow->winner_row;
    flow->winner_flow = *(const Lanes *)flow->winner_flow_row;
    flow->winner_row += lanes;
    flow->winner_flow_row += lanes;
    if (with_positions) {
      flow->position_flow = *(const Lanes *)flow->position_flow_row;
      flow->position_flow_row += lanes;
    }
    flow->end += window;
  }
  const IntLanes won = flow->winner == VARIANT(splat)((int32_t)position);
  const Lanes passed = (Lanes)(won & (IntLanes)flow->winner_flow);
  return with_positions ? passed + (Lanes)((value > 0) & (IntLanes)flow->position_flow) : passed;
}

INLINE void VARIANT(window_gradient_known)(const Block *block, const uint8_t *kmers, int64_t position, Lanes bias,
                                           int32_t window, int32_t lanes, WindowFlow *flow, BlockGradient *gradient,
                                           int with_positions) {
  const Lanes value = with_positions ? VARIANT(at_known)(block, kmers) + bias : (Lanes){};
  const Lanes passed = VARIANT(flow_at)(flow, value, position, window, lanes, with_positions);
  if (!__builtin_reduce_or((IntLanes)passed)) return;
  gradient->bias += passed;
  for (int32_t group = 0; group < block->groups; ++group)
    gradient->tables[group * MOTIF_ROWS + kmers[group * MOTIF_GROUP]] += passed;
}

INLINE void VARIANT(add_window_gradient_of_block)(const Block *block, const Windows *windows, Lanes bias,
                                                  int32_t window, int32_t lanes, WindowFlow flow,
                                                  BlockGradient *gradient, int with_positions) {
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        for (int k = 0; k < 4; ++k)
          VARIANT(window_gradient_known)(block, windows->kmers + position + k, position + k, bias, window, lanes,
                                         &flow, gradient, with_positions);
      },
      {
        VARIANT(window_gradient_known)(block, windows->kmers + position, position, bias, window, lanes, &flow,
                                       gradient, with_positions);
      },
      {
        const Lanes value = VARIANT(at_unknown)(block, windows, position) + bias;
        const Lanes passed = VARIANT(flow_at)(&flow, value, position, window, lanes, with_positions);
        gradient->bias += passed;
        for (int32_t tap = 0; tap < block->width; ++tap)
          gradient->bases[tap * 5 + windows->codes[position + tap]] += passed;
      })
}

static void VARIANT(motif_add_window_gradient)(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                               int32_t window, uint8_t *scratch, const int32_t *winner,
                                               const float *winner_gradient, const float *position_gradient,
                                               float *table_gradient, float *base_gradient, float *bias_gradient) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < filters->blocks; ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const Lanes block_bias = *(const Lanes *)(bias + b * MOTIF_LANES);
    BlockGradient gradient = {(Lanes *)(table_gradient + motif_table_count(b, filters->width)),
                              (Lanes *)(base_gradient + motif_base_count(b, filters->width)), (Lanes){}};
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(whole_windows_of)(batch, i, filters->width, window, scratch);
      const int64_t at = i * (windows.positions / window) * lanes + b * MOTIF_LANES;
      WindowFlow flow = {.winner_row = winner + at, .winner_flow_row = winner_gradient + at};
      if (position_gradient) {
        flow.position_flow_row = position_gradient + at;
        VARIANT(add_window_gradient_of_block)(&block, &windows, block_bias, window, lanes, flow, &gradient, 1);
      } else {
        VARIANT(add_window_gradient_of_block)(&block, &windows, block_bias, window, lanes, flow, &gradient, 0);
      }
    }
    *(Lanes *)(bias_gradient + b * MOTIF_LANES) += gradient.bias;
  }
}
