// The loops of convolution.c, compiled once for each kind of CPU: VARIANT(name) is the name of a function in the
// variant at hand. No include guard: it is included several times.

INLINE Block VARIANT(block_of)(const MotifTables *filters, int32_t block) {
  const int32_t groups = (filters->width + MOTIF_GROUP - 1) / MOTIF_GROUP;
  return (Block){(const Lanes *)(filters->bases + motif_base_count(block, filters->width)),
                 (const Lanes *)(filters->tables + motif_table_count(block, filters->width)), filters->width, groups};
}

INLINE void VARIANT(fill_kmers)(const uint8_t *restrict codes, int64_t length, int32_t width, uint8_t *restrict kmers) {
  const int64_t whole = length >= MOTIF_GROUP ? length - MOTIF_GROUP + 1 : 0;
  for (int64_t i = 0; i < whole; ++i) {
    uint8_t kmer = 0;
    for (int64_t tap = 0; tap < MOTIF_GROUP; ++tap) kmer = (uint8_t)(kmer << 2 | (codes[i + tap] & 3));
    kmers[i] = kmer;
  }
  for (int64_t i = whole; i < length; ++i) {
    uint8_t kmer = 0;
    for (int64_t j = i; j < i + MOTIF_GROUP; ++j) kmer = (uint8_t)(kmer << 2 | (j < length ? codes[j] & 3 : 0));
    kmers[i] = kmer;
  }
  memset(kmers + length, 0, (size_t)width + MOTIF_GROUP);
}

INLINE IntLanes VARIANT(splat)(int32_t value) { return value - (IntLanes){}; }
INLINE Lanes VARIANT(splat_float)(float value) { return value - (Lanes){}; }

INLINE Lanes VARIANT(select_lanes)(IntLanes mask, Lanes a, Lanes b) { return (Lanes)((mask & (IntLanes)a) | (~mask & (IntLanes)b)); }
INLINE IntLanes VARIANT(select_ints)(IntLanes mask, IntLanes a, IntLanes b) { return (mask & a) | (~mask & b); }

// The convolution at a position whose window may hold unknown bases.
INLINE Lanes VARIANT(at_unknown)(const Block *block, const Windows *windows, int64_t position) {
  Lanes sum = {};
  for (int32_t tap = 0; tap < block->width; ++tap) sum += block->bases[tap * 5 + windows->codes[position + tap]];
  return sum;
}

// The convolution at four positions whose windows hold none.
INLINE void VARIANT(at_known_four)(const Block *block, const uint8_t *kmers, Lanes *sums) {
  Lanes a = block->tables[kmers[0]], b = block->tables[kmers[1]];
  Lanes c = block->tables[kmers[2]], d = block->tables[kmers[3]];
  const Lanes *table = block->tables + MOTIF_ROWS;
  for (int32_t group = 1; group < block->groups; ++group, table += MOTIF_ROWS) {
    const uint8_t *at = kmers + group * MOTIF_GROUP;
    a += table[at[0]];
    b += table[at[1]];
    c += table[at[2]];
    d += table[at[3]];
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

INLINE Lanes VARIANT(at_known)(const Block *block, const uint8_t *kmers) {
  Lanes sum = block->tables[kmers[0]];
  for (int32_t group = 1; group < block->groups; ++group)
    sum += block->tables[group * MOTIF_ROWS + kmers[group * MOTIF_GROUP]];
  return sum;
}

// The first position from `from` on whose window holds an unknown base: `positions` where there is none.
INLINE int64_t VARIANT(next_unknown)(const Windows *windows, int64_t from, int32_t width) {
  const uint8_t *found = memchr(windows->codes + from, 4, (size_t)(windows->length - from));
  if (!found) return windows->positions;
  const int64_t first = (found - windows->codes) - width + 1;
  const int64_t position = first > from ? first : from;
  return position < windows->positions ? position : windows->positions;
}

// Past the last unknown base of the window at `position`, which holds one.
INLINE int64_t VARIANT(after_unknown)(const Windows *windows, int64_t position, int32_t width) {
  int64_t last = position + width - 1;
  while (windows->codes[last] != 4) --last;
  return last + 1 < windows->positions ? last + 1 : windows->positions;
}

INLINE void VARIANT(pool_one)(Pooled *pooled, Lanes value, int64_t position, Lanes bias, int with_sum) {
  const IntLanes better = value > pooled->best;
  pooled->best = VARIANT(select_lanes)(better, value, pooled->best);
  pooled->winner = VARIANT(select_ints)(better, VARIANT(splat)((int32_t)position), pooled->winner);
  if (with_sum) {
    const Lanes raised = value + bias;
    pooled->sum += VARIANT(select_lanes)(raised > 0, raised, (Lanes){});
  }
}

INLINE Pooled VARIANT(pool_block)(const Block *block, const Windows *windows, Lanes bias, int with_sum) {
  Pooled pooled = {VARIANT(splat_float)(-FLT_MAX), VARIANT(splat)(0), (Lanes){}};
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        VARIANT(at_known_four)(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k) VARIANT(pool_one)(&pooled, sums[k], position + k, bias, with_sum);
      },
      { VARIANT(pool_one)(&pooled, VARIANT(at_known)(block, windows->kmers + position), position, bias, with_sum); },
      { VARIANT(pool_one)(&pooled, VARIANT(at_unknown)(block, windows, position), position, bias, with_sum); })
  return pooled;
}

INLINE int64_t VARIANT(scratch_offset)(const MotifBatch *batch, int64_t index, int32_t width) {
  return batch->offsets[index] - batch->offsets[0] + index * (width + MOTIF_GROUP);
}

INLINE Windows VARIANT(windows_of)(const MotifBatch *batch, int64_t index, int32_t width, const uint8_t *scratch) {
  const int64_t length = batch->offsets[index + 1] - batch->offsets[index];
  return (Windows){batch->codes + batch->offsets[index], scratch + VARIANT(scratch_offset)(batch, index, width), length,
                   length - width + 1};
}

INLINE void VARIANT(fill_batch_kmers)(const MotifBatch *batch, int32_t width, uint8_t *scratch) {
  for (int64_t i = 0; i < batch->count; ++i)
    VARIANT(fill_kmers)(batch->codes + batch->offsets[i], batch->offsets[i + 1] - batch->offsets[i], width,
               scratch + VARIANT(scratch_offset)(batch, i, width));
}

static void VARIANT(motif_pool)(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                             uint8_t *scratch, float *maximum, int32_t *winner, float *rectified_sum) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < filters->blocks; ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const Lanes block_bias = rectified_sum ? *(const Lanes *)(bias + b * MOTIF_LANES) : (Lanes){};
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(windows_of)(batch, i, filters->width, scratch);
      const Pooled pooled = rectified_sum ? VARIANT(pool_block)(&block, &windows, block_bias, 1)
                                          : VARIANT(pool_block)(&block, &windows, block_bias, 0);
      const int64_t at = i * lanes + b * MOTIF_LANES;
      *(Lanes *)(maximum + at) = pooled.best;
      *(IntLanes *)(winner + at) = pooled.winner;
      if (rectified_sum) *(Lanes *)(rectified_sum + at) = pooled.sum;
    }
  }
}

static void VARIANT(motif_convolve)(const uint8_t *codes, int64_t length, const MotifTables *filters,
                                 uint8_t *scratch, float *output) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  VARIANT(fill_kmers)(codes, length, filters->width, scratch);
  const Windows windows = {codes, scratch, length, length - filters->width + 1};
  for (int32_t b = 0; b < filters->blocks; ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    float *column = output + b * MOTIF_LANES;
    FOR_EACH_POSITION(
        windows, block.width,
        {
          Lanes sums[4];
          VARIANT(at_known_four)(&block, windows.kmers + position, sums);
          for (int k = 0; k < 4; ++k) *(Lanes *)(column + (position + k) * lanes) = sums[k];
        },
        { *(Lanes *)(column + position * lanes) = VARIANT(at_known)(&block, windows.kmers + position); },
        { *(Lanes *)(column + position * lanes) = VARIANT(at_unknown)(&block, &windows, position); })
  }
}

INLINE void VARIANT(rectified_known)(const Block *block, const uint8_t *kmers, Lanes bias, Lanes flow,
                            BlockGradient *gradient) {
  const IntLanes active = VARIANT(at_known)(block, kmers) + bias > 0;
  const Lanes passed = (Lanes)(active & (IntLanes)flow);
  gradient->bias += passed;
  for (int32_t group = 0; group < block->groups; ++group)
    gradient->tables[group * MOTIF_ROWS + kmers[group * MOTIF_GROUP]] += passed;
}

static void VARIANT(motif_add_rectified_gradient)(const MotifBatch *batch, const MotifTables *filters,
                                               const float *bias, uint8_t *scratch,
                                               const float *position_gradient, float *table_gradient,
                                               float *base_gradient, float *bias_gradient) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < filters->blocks; ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const Lanes block_bias = *(const Lanes *)(bias + b * MOTIF_LANES);
    BlockGradient gradient = {(Lanes *)(table_gradient + motif_table_count(b, filters->width)),
                              (Lanes *)(base_gradient + motif_base_count(b, filters->width)), (Lanes){}};
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(windows_of)(batch, i, filters->width, scratch);
      const Lanes flow = *(const Lanes *)(position_gradient + i * lanes + b * MOTIF_LANES);
      FOR_EACH_POSITION(
          windows, block.width,
          {
            for (int k = 0; k < 4; ++k)
              VARIANT(rectified_known)(&block, windows.kmers + position + k, block_bias, flow, &gradient);
          },
          { VARIANT(rectified_known)(&block, windows.kmers + position, block_bias, flow, &gradient); },
          {
            const IntLanes active = VARIANT(at_unknown)(&block, &windows, position) + block_bias > 0;
            const Lanes passed = (Lanes)(active & (IntLanes)flow);
            gradient.bias += passed;
            for (int32_t tap = 0; tap < block.width; ++tap)
              gradient.bases[tap * 5 + windows.codes[position + tap]] += passed;
          })
    }
    *(Lanes *)(bias_gradient + b * MOTIF_LANES) += gradient.bias;
  }
}
