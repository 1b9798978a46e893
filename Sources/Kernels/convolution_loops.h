// The loops of convolution.c, compiled once for each kind of CPU: VARIANT(name) is the name of a function in the
// variant at hand. No include guard: it is included several times.

INLINE int32_t VARIANT(block_count)(const MotifTables *filters) {
  return (filters->filters + MOTIF_LANES - 1) / MOTIF_LANES;
}

INLINE Block VARIANT(block_of)(const MotifTables *filters, int32_t block) {
  const int32_t first = block * MOTIF_LANES, rest = filters->filters - first;
  return (Block){(const Lanes *)(filters->bases + motif_base_count(first, filters->width)),
                 (const Row *)(filters->tables + motif_table_count(first, filters->width)),
                 rest < MOTIF_LANES ? rest : MOTIF_LANES, filters->width,
                 (filters->width + MOTIF_GROUP - 1) / MOTIF_GROUP};
}

// The rows of one group: the sums of what its taps' bases add; taps from `taps` on add nothing.
INLINE void VARIANT(build_group)(const Lanes *bases, int32_t taps, Row *table) {
  _Static_assert(MOTIF_GROUP == 3, "a loop a tap");
  const Lanes none[4] = {};
  const Lanes *second = taps > 1 ? bases + 5 : none, *third = taps > 2 ? bases + 10 : none;
  for (int32_t a = 0; a < 4; ++a)
    for (int32_t b = 0; b < 4; ++b) {
      const Lanes sum = bases[a] + second[b];
      for (int32_t c = 0; c < 4; ++c) *table++ = sum + third[c];
    }
}

static void VARIANT(motif_build_tables)(const float *bases, int32_t filters, int32_t width, float *tables) {
  const MotifTables built = {bases, tables, filters, width};
  for (int32_t b = 0; b < VARIANT(block_count)(&built); ++b) {
    const Block block = VARIANT(block_of)(&built, b);
    for (int32_t group = 0; group < block.groups; ++group)
      VARIANT(build_group)(block.bases + group * MOTIF_GROUP * 5, width - group * MOTIF_GROUP,
                           (Row *)block.tables + group * MOTIF_ROWS);
  }
}

INLINE void VARIANT(fill_kmers)(const uint8_t *restrict codes, int64_t length, int32_t width, uint16_t *restrict kmers) {
  const int64_t whole = length >= MOTIF_GROUP ? length - MOTIF_GROUP + 1 : 0;
  for (int64_t i = 0; i < whole; ++i) {
    uint32_t kmer = 0;
    for (int64_t tap = 0; tap < MOTIF_GROUP; ++tap) kmer = kmer << 2 | (codes[i + tap] & 3);
    kmers[i] = (uint16_t)(kmer * sizeof(Row));
  }
  for (int64_t i = whole; i < length; ++i) {
    uint32_t kmer = 0;
    for (int64_t j = i; j < i + MOTIF_GROUP; ++j) kmer = kmer << 2 | (j < length ? codes[j] & 3 : 0);
    kmers[i] = (uint16_t)(kmer * sizeof(Row));
  }
  memset(kmers + length, 0, ((size_t)width + MOTIF_GROUP) * sizeof *kmers);
}

INLINE const Row *VARIANT(row_at)(const Row *table, uint16_t kmer) { return (const Row *)((const char *)table + kmer); }

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

// The convolution at four positions whose windows hold none. Their k-mers come in one load: the vector loads keep the
// ports busy as it is.
INLINE void VARIANT(at_known_four)(const Block *block, const uint16_t *kmers, Lanes *sums) {
  const Row *table = block->tables;
  Lanes a = {}, b = {}, c = {}, d = {};
  for (int32_t group = 0; group < block->groups; ++group, table += MOTIF_ROWS, kmers += MOTIF_GROUP) {
    uint64_t four;
    memcpy(&four, kmers, sizeof four);
    a += *VARIANT(row_at)(table, (uint16_t)four);
    b += *VARIANT(row_at)(table, (uint16_t)(four >> 16));
    c += *VARIANT(row_at)(table, (uint16_t)(four >> 32));
    d += *VARIANT(row_at)(table, (uint16_t)(four >> 48));
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

INLINE Lanes VARIANT(at_known)(const Block *block, const uint16_t *kmers) {
  Lanes sum = {};
  for (int32_t group = 0; group < block->groups; ++group)
    sum += *VARIANT(row_at)(block->tables + group * MOTIF_ROWS, kmers[group * MOTIF_GROUP]);
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

INLINE Lanes VARIANT(rectified)(Lanes value) { return VARIANT(select_lanes)(value > 0, value, (Lanes){}); }

INLINE void VARIANT(pool_one)(Pooled *pooled, Lanes value, int64_t position, int with_sum) {
  const IntLanes better = value > pooled->best;
  pooled->best = VARIANT(select_lanes)(better, value, pooled->best);
  pooled->winner = VARIANT(select_ints)(better, VARIANT(splat)((int32_t)position), pooled->winner);
  if (with_sum) pooled->sum += VARIANT(rectified)(value);
}

INLINE Pooled VARIANT(pool_block)(const Block *block, const Windows *windows, int with_sum) {
  Pooled pooled = {VARIANT(splat_float)(-FLT_MAX), VARIANT(splat)(0), (Lanes){}};
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        VARIANT(at_known_four)(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k) VARIANT(pool_one)(&pooled, sums[k], position + k, with_sum);
      },
      { VARIANT(pool_one)(&pooled, VARIANT(at_known)(block, windows->kmers + position), position, with_sum); },
      { VARIANT(pool_one)(&pooled, VARIANT(at_unknown)(block, windows, position), position, with_sum); })
  return pooled;
}

// The filters of a block, of which only the last may be less than a whole one.
INLINE void VARIANT(store_filters)(const Block *block, float *output, Lanes value) {
  if (block->filters == MOTIF_LANES) *(Lanes *)output = value;
  else memcpy(output, &value, (size_t)block->filters * sizeof(float));
}

INLINE Lanes VARIANT(load_filters)(const Block *block, const float *input) {
  Lanes value = {};
  if (block->filters == MOTIF_LANES) return *(const Lanes *)input;
  memcpy(&value, input, (size_t)block->filters * sizeof(float));
  return value;
}

INLINE int64_t VARIANT(scratch_offset)(const MotifBatch *batch, int64_t index, int32_t width) {
  return batch->offsets[index] - batch->offsets[0] + index * (width + MOTIF_GROUP);
}

INLINE Windows VARIANT(windows_of)(const MotifBatch *batch, int64_t index, int32_t width, const uint16_t *scratch) {
  const int64_t length = batch->offsets[index + 1] - batch->offsets[index];
  return (Windows){batch->codes + batch->offsets[index], scratch + VARIANT(scratch_offset)(batch, index, width), length,
                   length - width + 1};
}

INLINE void VARIANT(fill_batch_kmers)(const MotifBatch *batch, int32_t width, uint16_t *scratch) {
  for (int64_t i = 0; i < batch->count; ++i)
    VARIANT(fill_kmers)(batch->codes + batch->offsets[i], batch->offsets[i + 1] - batch->offsets[i], width,
               scratch + VARIANT(scratch_offset)(batch, i, width));
}

static void VARIANT(motif_pool)(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride,
                             float *maximum, int32_t *winner, float *mean) {
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < VARIANT(block_count)(filters); ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const int32_t first = b * MOTIF_LANES;
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(windows_of)(batch, i, filters->width, scratch);
      const Pooled pooled =
          mean ? VARIANT(pool_block)(&block, &windows, 1) : VARIANT(pool_block)(&block, &windows, 0);
      VARIANT(store_filters)(&block, maximum + i * stride + first, VARIANT(rectified)(pooled.best));
      VARIANT(store_filters)(&block, (float *)(winner + i * filters->filters + first), (Lanes)pooled.winner);
      if (mean) VARIANT(store_filters)(&block, mean + i * stride + first, pooled.sum / (float)windows.positions);
    }
  }
}

static void VARIANT(motif_convolve)(const uint8_t *codes, int64_t length, const MotifTables *filters,
                                 int32_t first_block, int32_t block_count, uint16_t *scratch, float *output) {
  const int32_t lanes = block_count * MOTIF_LANES;
  VARIANT(fill_kmers)(codes, length, filters->width, scratch);
  const Windows windows = {codes, scratch, length, length - filters->width + 1};
  for (int32_t b = 0; b < block_count; ++b) {
    const Block block = VARIANT(block_of)(filters, first_block + b);
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

INLINE void VARIANT(pass_back_known)(const Block *block, const uint16_t *kmers, Lanes value, Lanes flow,
                                     BlockGradient *gradient) {
  const Lanes passed = (Lanes)((value > 0) & (IntLanes)flow);
  if (!__builtin_reduce_or((IntLanes)passed)) return;
  gradient->bias += passed;
  for (int32_t group = 0; group < block->groups; ++group)
    *(Row *)VARIANT(row_at)(gradient->tables + group * MOTIF_ROWS, kmers[group * MOTIF_GROUP]) += passed;
}

INLINE void VARIANT(pass_back_unknown)(const Block *block, const Windows *windows, int64_t position, Lanes flow,
                                       BlockGradient *gradient) {
  const IntLanes active = VARIANT(at_unknown)(block, windows, position) > 0;
  const Lanes passed = (Lanes)(active & (IntLanes)flow);
  gradient->bias += passed;
  for (int32_t tap = 0; tap < block->width; ++tap)
    gradient->bases[tap * 5 + windows->codes[position + tap]] += passed;
}

static void VARIANT(motif_add_mean_gradient)(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch,
                                          int64_t stride, const float *mean_gradient, float *table_gradient,
                                          float *base_gradient, float *bias_gradient) {
  VARIANT(fill_batch_kmers)(batch, filters->width, scratch);
  for (int32_t b = 0; b < VARIANT(block_count)(filters); ++b) {
    const Block block = VARIANT(block_of)(filters, b);
    const int32_t first = b * MOTIF_LANES;
    BlockGradient gradient = {(Row *)(table_gradient + motif_table_count(first, filters->width)),
                              (Lanes *)(base_gradient + motif_base_count(first, filters->width)),
                              VARIANT(load_filters)(&block, bias_gradient + first)};
    for (int64_t i = 0; i < batch->count; ++i) {
      const Windows windows = VARIANT(windows_of)(batch, i, filters->width, scratch);
      const Lanes flow =
          VARIANT(load_filters)(&block, mean_gradient + i * stride + first) / (float)windows.positions;
      FOR_EACH_POSITION(
          windows, block.width,
          {
            Lanes sums[4];
            VARIANT(at_known_four)(&block, windows.kmers + position, sums);
            for (int k = 0; k < 4; ++k)
              VARIANT(pass_back_known)(&block, windows.kmers + position + k, sums[k], flow, &gradient);
          },
          {
            const Lanes value = VARIANT(at_known)(&block, windows.kmers + position);
            VARIANT(pass_back_known)(&block, windows.kmers + position, value, flow, &gradient);
          },
          { VARIANT(pass_back_unknown)(&block, &windows, position, flow, &gradient); })
    }
    VARIANT(store_filters)(&block, bias_gradient + first, gradient.bias);
  }
}

// All ones in lane 4 · tap + base where one of four codes, that of the tap, is the base.
INLINE IntLanes VARIANT(one_hot_four)(const uint8_t *codes) {
  uint32_t word;
  memcpy(&word, codes, sizeof word);
  const Bytes four = (Bytes)(Words){word, 0, 0, 0};
  const Bytes spread = __builtin_shufflevector(four, four, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
  const Bytes bases = {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3};
  return __builtin_convertvector(spread == bases, IntLanes);
}

// Adds `flow` at the base that each tap of a window reads; `known` where none of them is unknown.
INLINE void VARIANT(add_window)(const uint8_t *window, int32_t width, int known, float flow, float *rows) {
  const IntLanes bits = (IntLanes)VARIANT(splat_float)(flow);
  int32_t tap = 0;
  for (; known && tap + 4 <= width; tap += 4)
    *(Lanes *)(rows + tap * 4) += (Lanes)(VARIANT(one_hot_four)(window + tap) & bits);
  for (; tap < width; ++tap)
    if (window[tap] < 4) rows[tap * 4 + window[tap]] += flow;
    else
      for (int32_t base = 0; base < 4; ++base) rows[tap * 4 + base] += 0.25f * flow;
}

static void VARIANT(motif_add_winner_gradient)(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                                            const float *maximum, const int32_t *winner,
                                            const float *maximum_gradient, float *gradient, float *bias_gradient) {
  for (int64_t i = 0; i < batch->count; ++i) {
    const uint8_t *codes = batch->codes + batch->offsets[i];
    const int known = !memchr(codes, 4, (size_t)(batch->offsets[i + 1] - batch->offsets[i]));
    for (int32_t filter = 0; filter < filters; ++filter) {
      const float flow = maximum_gradient[i * stride + filter];
      if (maximum[i * stride + filter] <= 0 || flow == 0) continue;
      bias_gradient[filter] += flow;
      VARIANT(add_window)(codes + winner[i * filters + filter], width, known, flow,
                          gradient + (size_t)filter * width * 4);
    }
  }
}
