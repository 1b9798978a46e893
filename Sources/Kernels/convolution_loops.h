#pragma once

#include "lanes.h"
#include "tables.h"

// A row of the tables, which stands within one cache line.
typedef float Row __attribute__((vector_size(MOTIF_LANES * 4), aligned(MOTIF_ALIGNMENT)));

// One block of filters, as the inner loops see it.
typedef struct {
  const Lanes *bases;
  const Row *tables;
  // The number of its lanes that are filters.
  int32_t filters;
  int32_t width;
  int32_t groups;
} Block;

// One sequence: its codes, the place in bytes of the row of the k-mer that starts at each position (base 0 past the
// end, where the tables add nothing), and the number of valid positions.
typedef struct {
  const uint8_t *codes;
  const uint16_t *kmers;
  int64_t length;
  int64_t positions;
} Windows;

typedef struct {
  Lanes best;
  IntLanes winner;
  Lanes sum;
} Pooled;

INLINE Block block_of(const MotifTables *filters, int32_t block) {
  const int32_t first = block * MOTIF_LANES, rest = filters->filters - first;
  return (Block){(const Lanes *)(filters->bases + motif_base_count(first, filters->width)),
                 (const Row *)(filters->tables + motif_table_count(first, filters->width)),
                 rest < MOTIF_LANES ? rest : MOTIF_LANES, filters->width, group_count(filters->width)};
}

static void KERNEL(motif_build_bases)(const float *weights, const float *bias, int32_t filters, int32_t width,
                                      int reverse, float *bases) {
  for (int32_t first = 0; first < filters; first += MOTIF_LANES) {
    const size_t size = (size_t)(filters - first < MOTIF_LANES ? filters - first : MOTIF_LANES) * sizeof(float);
    Lanes *rows = (Lanes *)(bases + motif_base_count(first, width));
    for (int32_t tap = 0; tap < width; ++tap, rows += 5) {
      for (int32_t base = 0; base < 4; ++base) {
        Lanes row = {};
        memcpy(&row, weights + weight_row(width, tap, base, reverse) * filters + first, size);
        rows[base] = row;
      }
      if (tap == 0) {
        Lanes biases = {};
        memcpy(&biases, bias + first, size);
        for (int32_t base = 0; base < 4; ++base) rows[base] += biases;
      }
      rows[4] = 0.25f * ((rows[0] + rows[1]) + (rows[2] + rows[3]));
    }
  }
}

// The rows of one group: the sums of what its taps' bases add; taps from `taps` on add nothing.
INLINE void build_group(const Lanes *bases, int32_t taps, Row *table) {
  _Static_assert(MOTIF_GROUP == 3, "a loop a tap");
  const Lanes none[4] = {};
  const Lanes *second = taps > 1 ? bases + 5 : none, *third = taps > 2 ? bases + 10 : none;
  for (int32_t a = 0; a < 4; ++a)
    for (int32_t b = 0; b < 4; ++b) {
      const Lanes sum = bases[a] + second[b];
      for (int32_t c = 0; c < 4; ++c) *table++ = sum + third[c];
    }
}

static void KERNEL(motif_build_tables)(const float *bases, int32_t filters, int32_t width, float *tables) {
  const MotifTables built = {bases, tables, filters, width};
  for (int32_t b = 0; b < block_count(filters); ++b) {
    const Block block = block_of(&built, b);
    for (int32_t group = 0; group < block.groups; ++group)
      build_group(block.bases + group * MOTIF_GROUP * 5, width - group * MOTIF_GROUP,
                  (Row *)block.tables + group * MOTIF_ROWS);
  }
}

INLINE void fill_kmers(const uint8_t *restrict codes, int64_t length, int32_t width, uint16_t *restrict kmers) {
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

INLINE const Row *row_at(const Row *table, uint16_t kmer) { return (const Row *)((const char *)table + kmer); }

// The convolution at a position whose window may hold unknown bases.
INLINE Lanes at_unknown(const Block *block, const Windows *windows, int64_t position) {
  Lanes sum = {};
  for (int32_t tap = 0; tap < block->width; ++tap) sum += block->bases[tap * 5 + windows->codes[position + tap]];
  return sum;
}

// The convolution at four positions whose windows hold none. Their k-mers come in one load: the vector loads keep the
// ports busy as it is.
INLINE void at_known_four(const Block *block, const uint16_t *kmers, Lanes *sums) {
  const Row *table = block->tables;
  Lanes a = {}, b = {}, c = {}, d = {};
  for (int32_t group = 0; group < block->groups; ++group, table += MOTIF_ROWS, kmers += MOTIF_GROUP) {
    uint64_t four;
    memcpy(&four, kmers, sizeof four);
    a += *row_at(table, (uint16_t)four);
    b += *row_at(table, (uint16_t)(four >> 16));
    c += *row_at(table, (uint16_t)(four >> 32));
    d += *row_at(table, (uint16_t)(four >> 48));
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

INLINE Lanes at_known(const Block *block, const uint16_t *kmers) {
  Lanes sum = {};
  for (int32_t group = 0; group < block->groups; ++group)
    sum += *row_at(block->tables + group * MOTIF_ROWS, kmers[group * MOTIF_GROUP]);
  return sum;
}

// The first position from `from` on whose window holds an unknown base: `positions` where there is none.
INLINE int64_t next_unknown(const Windows *windows, int64_t from, int32_t width) {
  const uint8_t *found = memchr(windows->codes + from, 4, (size_t)(windows->length - from));
  if (!found) return windows->positions;
  const int64_t first = (found - windows->codes) - width + 1;
  const int64_t position = first > from ? first : from;
  return position < windows->positions ? position : windows->positions;
}

// Past the last unknown base of the window at `position`, which holds one.
INLINE int64_t after_unknown(const Windows *windows, int64_t position, int32_t width) {
  int64_t last = position + width - 1;
  while (windows->codes[last] != 4) --last;
  return last + 1 < windows->positions ? last + 1 : windows->positions;
}

// Runs KNOWN_FOUR for each four positions in a row whose windows hold no unknown base, KNOWN for those left over, and
// UNKNOWN for each position whose window holds one; all of them see `position`.
#define FOR_EACH_POSITION(WINDOWS, WIDTH, KNOWN_FOUR, KNOWN, UNKNOWN)                              \
  for (int64_t position = 0; position < (WINDOWS).positions;) {                                    \
    const int64_t known = next_unknown(&(WINDOWS), position, (WIDTH));                             \
    for (; position + 4 <= known; position += 4) { KNOWN_FOUR }                                    \
    for (; position < known; ++position) { KNOWN }                                                 \
    if (position == (WINDOWS).positions) break;                                                    \
    const int64_t resumed = after_unknown(&(WINDOWS), position, (WIDTH));                          \
    for (; position < resumed; ++position) { UNKNOWN }                                             \
  }

// Runs RUN(groups); where filters have a usual width, the number of groups is known in it, so that the loop over them is
// none.
#define WITH_GROUPS(GROUPS, RUN) \
  switch (GROUPS) {              \
    case 3: RUN(3); break;       \
    case 4: RUN(4); break;       \
    case 5: RUN(5); break;       \
    case 6: RUN(6); break;       \
    case 7: RUN(7); break;       \
    case 8: RUN(8); break;       \
    default: RUN(GROUPS);        \
  }

INLINE void pool_larger(Pooled *pooled, Lanes value, IntLanes position) {
  const IntLanes better = value > pooled->best;
  pooled->best = select_lanes(better, value, pooled->best);
  pooled->winner = select_ints(better, position, pooled->winner);
}

INLINE void pool_one(Pooled *pooled, Lanes value, int64_t position, int with_sum) {
  pool_larger(pooled, value, splat((int32_t)position));
  if (with_sum) pooled->sum += rectified(value);
}

INLINE Pooled pool_positions(const Block *block, const Windows *windows, int with_sum) {
  Pooled pooled = {splat_float(-FLT_MAX), splat(0), (Lanes){}};
  FOR_EACH_POSITION(
      *windows, block->width,
      {
        Lanes sums[4];
        at_known_four(block, windows->kmers + position, sums);
        for (int k = 0; k < 4; ++k) pool_one(&pooled, sums[k], position + k, with_sum);
      },
      { pool_one(&pooled, at_known(block, windows->kmers + position), position, with_sum); },
      { pool_one(&pooled, at_unknown(block, windows, position), position, with_sum); })
  return pooled;
}

INLINE int64_t part_count(int64_t positions) { return (positions + MOTIF_PART - 1) / MOTIF_PART; }

INLINE int64_t part_end(int64_t part, int64_t positions) {
  return (part + 1) * MOTIF_PART < positions ? (part + 1) * MOTIF_PART : positions;
}

INLINE Pooled pool_block(const Block *block, const Windows *windows, int with_sum) {
  if (!with_sum) return pool_positions(block, windows, 0);
  Pooled whole = {splat_float(-FLT_MAX), splat(0), (Lanes){}};
  for (int64_t part = 0; part < part_count(windows->positions); ++part) {
    const int64_t first = part * MOTIF_PART, positions = part_end(part, windows->positions) - first;
    const Windows own = {windows->codes + first, windows->kmers + first, positions + block->width - 1, positions};
    const Pooled pooled = pool_positions(block, &own, 1);
    const IntLanes better = pooled.best > whole.best;
    whole.best = select_lanes(better, pooled.best, whole.best);
    whole.winner = select_ints(better, pooled.winner + splat((int32_t)first), whole.winner);
    whole.sum += pooled.sum;
  }
  return whole;
}

// The filters of a block, of which only the last may be less than a whole one.
INLINE void store_filters(const Block *block, float *output, Lanes value) {
  store_some(block->filters, output, value);
}

INLINE Lanes load_filters(const Block *block, const float *input) {
  return load_some(block->filters, input);
}

INLINE int64_t scratch_offset(const MotifBatch *batch, int64_t index, int32_t width) {
  return batch->offsets[index] - batch->offsets[0] + index * (width + MOTIF_GROUP);
}

INLINE Windows windows_of(const MotifBatch *batch, int64_t index, int32_t width, const uint16_t *scratch) {
  const int64_t length = batch->offsets[index + 1] - batch->offsets[index];
  return (Windows){batch->codes + batch->offsets[index], scratch + scratch_offset(batch, index, width), length,
                   length - width + 1};
}

INLINE void fill_batch_kmers(const MotifBatch *batch, int32_t width, uint16_t *scratch) {
  for (int64_t i = 0; i < batch->count; ++i)
    fill_kmers(batch->codes + batch->offsets[i], batch->offsets[i + 1] - batch->offsets[i], width,
               scratch + scratch_offset(batch, i, width));
}

// Where motif_pool's results go.
typedef struct {
  int64_t stride;
  float *maximum;
  int32_t *winner;
  float *mean;
} PoolOutput;

// Pools all sequences with one block of filters, by so many groups of taps.
INLINE void pool_batch(const MotifBatch *batch, Block block, const uint16_t *scratch, int64_t row_filters,
                       PoolOutput output, int32_t groups) {
  block.groups = groups;
  for (int64_t i = 0; i < batch->count; ++i) {
    const Windows windows = windows_of(batch, i, block.width, scratch);
    const Pooled pooled = output.mean ? pool_block(&block, &windows, 1) : pool_block(&block, &windows, 0);
    store_filters(&block, output.maximum, rectified(pooled.best));
    store_filters(&block, (float *)output.winner, (Lanes)pooled.winner);
    output.maximum += output.stride;
    output.winner += row_filters;
    if (!output.mean) continue;
    store_filters(&block, output.mean, pooled.sum / (float)windows.positions);
    output.mean += output.stride;
  }
}

static void KERNEL(motif_pool)(const MotifBatch *batch, const MotifTables *filters, uint16_t *scratch, int64_t stride,
                               float *maximum, int32_t *winner, float *mean) {
  fill_batch_kmers(batch, filters->width, scratch);
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    const int32_t first = b * MOTIF_LANES;
    const PoolOutput output = {stride, maximum + first, winner + first, mean ? mean + first : NULL};
#define POOL_BATCH(GROUPS) pool_batch(batch, block, scratch, filters->filters, output, GROUPS)
    WITH_GROUPS(block.groups, POOL_BATCH)
#undef POOL_BATCH
  }
}

INLINE void keep(Lanes *output, Lanes value, int larger_only) {
  *output = larger_only ? rectified(larger(value, *output)) : value;
}

// The convolution of one block of filters, by so many groups of taps, in rows of so many lanes.
INLINE void convolve_block(Block block, Windows windows, int32_t lanes, float *output, int larger_only, int32_t groups) {
  block.groups = groups;
  FOR_EACH_POSITION(
      windows, block.width,
      {
        Lanes sums[4];
        at_known_four(&block, windows.kmers + position, sums);
        for (int k = 0; k < 4; ++k) keep((Lanes *)(output + (position + k) * lanes), sums[k], larger_only);
      },
      { keep((Lanes *)(output + position * lanes), at_known(&block, windows.kmers + position), larger_only); },
      { keep((Lanes *)(output + position * lanes), at_unknown(&block, &windows, position), larger_only); })
}

INLINE void convolve_blocks(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                            int32_t block_count, uint16_t *scratch, float *output, int larger_only) {
  const int32_t lanes = block_count * MOTIF_LANES;
  fill_kmers(codes, length, filters->width, scratch);
  const Windows windows = {codes, scratch, length, length - filters->width + 1};
  for (int32_t b = 0; b < block_count; ++b) {
    const Block block = block_of(filters, first_block + b);
#define CONVOLVE_BLOCK(GROUPS) convolve_block(block, windows, lanes, output + b * MOTIF_LANES, larger_only, GROUPS)
    WITH_GROUPS(block.groups, CONVOLVE_BLOCK)
#undef CONVOLVE_BLOCK
  }
}

static void KERNEL(motif_convolve)(const uint8_t *codes, int64_t length, const MotifTables *filters,
                                   int32_t first_block, int32_t block_count, uint16_t *scratch, float *output) {
  convolve_blocks(codes, length, filters, first_block, block_count, scratch, output, 0);
}

static void KERNEL(motif_convolve_larger)(const uint8_t *codes, int64_t length, const MotifTables *filters,
                                          int32_t first_block, int32_t block_count, uint16_t *scratch,
                                          float *output) {
  convolve_blocks(codes, length, filters, first_block, block_count, scratch, output, 1);
}
