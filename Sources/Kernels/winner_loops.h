// The gradient of the maxima of windows: sums over winners of their windows' one-hot tensors.

#pragma once

#include "lanes.h"
#include "tables.h"

// The positions that a vector of the one-hot tensor below holds. Longer vectors would need more copies of it.
#define HOT_POSITIONS (VECTOR_FLOATS < 8 ? 1 : 2)
typedef float HotVector __attribute__((vector_size(HOT_POSITIONS * 16), aligned(4)));

// The one-hot tensor of a sequence, [position][base], a quarter for each base where it is unknown, and zeros behind it
// as far as the last window is read. HOT_POSITIONS copies of it, `step` floats apart, each of which begins one position on
// from the one before: so each position begins a vector in one of them, and no load crosses a cache line.
typedef struct {
  float *values;
  int64_t length;
  int32_t step;
} OneHot;

INLINE OneHot one_hot_in(float *scratch, int64_t length, int32_t width) {
  memset(scratch, 0, hot_count(length, width) * sizeof(float));
  return (OneHot){scratch, length, (int32_t)(hot_count(length, width) / HOT_COPIES)};
}

// A code for what is behind a sequence, and the number of codes, rounded up to a power of 2.
#define NO_BASE 5
#define HOT_CODES 8

// Vectors for each base and the one behind it, which codes count through.
INLINE void fill_hot_vectors(HotVector *vectors) {
  static const float rows[HOT_CODES][4] = {{1}, {0, 1}, {0, 0, 1}, {0, 0, 0, 1}, {0.25f, 0.25f, 0.25f, 0.25f}};
  for (int32_t code = 0; code < HOT_CODES; ++code)
    for (int32_t next = 0; next < HOT_CODES; ++next) {
      float *vector = (float *)(vectors + code * HOT_CODES + next);
      memcpy(vector, rows[code], sizeof rows[0]);
      if (HOT_POSITIONS == 2) memcpy(vector + 4, rows[next], sizeof rows[0]);
    }
}

INLINE void fill_one_hot(const uint8_t *codes, const HotVector *vectors, OneHot one_hot) {
  const HotVector *row = vectors + codes[0] * HOT_CODES;
  float *first = one_hot.values, *second = first + one_hot.step * (HOT_POSITIONS - 1);
  int64_t i = 1;
#define STORE_HOT(OUTPUT, NEXT)              \
  {                                          \
    const size_t next = (NEXT);              \
    *(HotVector *)(OUTPUT) = row[next];      \
    row = vectors + next * HOT_CODES;        \
    OUTPUT += HOT_POSITIONS * 4;             \
  }
  for (; i + HOT_POSITIONS <= one_hot.length; i += HOT_POSITIONS) {
    STORE_HOT(first, codes[i])
    if (HOT_POSITIONS == 2) STORE_HOT(second, codes[i + 1])
  }
  if (i < one_hot.length) STORE_HOT(first, codes[i])
  STORE_HOT(*((one_hot.length - 1) % HOT_POSITIONS ? &second : &first), NO_BASE)
#undef STORE_HOT
}

// The winners of a block of filters in one sequence, [window][lane]: where their windows stand in what is read, and their
// gradients. Where there is none, nothing times the first position's: a branch would be guessed wrong too often.
typedef struct {
  IntLanes *place;
  Lanes *flow;
  int64_t windows;
} Winners;

// How a sequence is laid out in HOT_POSITIONS copies: from one of them to the next, and within one.
typedef struct {
  int32_t copy_step;
  int32_t step;
} HotLayout;

// Copies the winners of `count` filters, from rows of `filters` and `stride`, and adds their gradients to the biases'.
INLINE void load_winners(const Winners *winners, HotLayout layout, int32_t count, const int32_t *winner,
                         int64_t filters, const float *gradient, int64_t stride, float *bias_gradient) {
  Lanes sum = load_some(count, bias_gradient);
  for (int64_t i = 0; i < winners->windows; ++i) {
    const IntLanes position = (IntLanes)load_some(count, (const float *)winner + i * filters), is_won = position >= 0;
    const IntLanes copy = position & splat(HOT_POSITIONS - 1);
    const IntLanes place = (position >> (HOT_POSITIONS - 1)) * layout.step + (-copy & splat(layout.copy_step));
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
  HotVector sums[WINNER_VECTORS];
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) sums[v] = ((const HotVector *)gradient)[v];
  for (int64_t i = 0; i < winners->windows; ++i, place += MOTIF_LANES, flow += MOTIF_LANES)
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v) sums[v] += *flow * ((const HotVector *)(one_hot + *place))[v];
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < vectors; ++v) ((HotVector *)gradient)[v] = sums[v];
}

// Adds a lane's winners in a sequence to its sums.
INLINE void add_lane(const float *one_hot, const Winners *winners, int32_t lane, int32_t vectors, float *gradient) {
  for (; vectors > 0; vectors -= WINNER_VECTORS) {
#define ADD_WINNERS(COUNT) \
  case COUNT: add_winners(one_hot, winners, lane, COUNT, gradient); break;
    switch (vectors) {
      ADD_WINNERS(1) ADD_WINNERS(2) ADD_WINNERS(3) ADD_WINNERS(4) ADD_WINNERS(5) ADD_WINNERS(6)
      ADD_WINNERS(7) ADD_WINNERS(8) ADD_WINNERS(9) ADD_WINNERS(10) ADD_WINNERS(11)
      default: add_winners(one_hot, winners, lane, WINNER_VECTORS, gradient);
    }
#undef ADD_WINNERS
    one_hot += WINNER_VECTORS * HOT_POSITIONS * 4;
    gradient += WINNER_VECTORS * HOT_POSITIONS * 4;
  }
}

#if VECTOR_FLOATS == 16
// The bases of a sequence without unknown ones, a bit per base, two positions a byte: one copy begins with the first
// position, the other with the second. Sixteen bits say which lanes of a vector get the gradient of a winner.
INLINE void fill_bits(const uint8_t *codes, int64_t length, uint8_t *bits, int32_t copy_step) {
  const __m512i bit = _mm512_set1_epi32(0x08040201), next_bit = _mm512_slli_epi32(bit, 4);
  for (int64_t i = 0; i < length; i += 64) {
    const __mmask64 own = ~0ull >> (length - i < 64 ? 64 - (length - i) : 0);
    const __mmask64 next = length - i > 64 ? own : own >> 1;
    const __m512i pairs =
        _mm512_maskz_shuffle_epi8(own, bit, _mm512_maskz_loadu_epi8(own, codes + i)) |
        _mm512_maskz_shuffle_epi8(next, next_bit, _mm512_maskz_loadu_epi8(next, codes + i + 1));
    _mm256_storeu_si256((__m256i *)(bits + i / 2), _mm512_cvtepi16_epi8(pairs));
    _mm256_storeu_si256((__m256i *)(bits + copy_step + i / 2), _mm512_cvtepi16_epi8(_mm512_srli_epi16(pairs, 8)));
  }
}

// The lanes that each of `vectors` vectors, up to four, takes from the bits of a winner's window. Loads of
// two masks and a shift for each are faster than one load with three shifts, and than four loads.
INLINE void load_masks(const uint8_t *bits, int32_t vectors, __mmask16 *masks) {
#pragma clang loop unroll(full)
  for (int32_t v = 0; v < (vectors < 4 ? vectors : 4); v += 2) {
    const __mmask32 two = _load_mask32((__mmask32 *)(bits + v * 2));
    masks[v] = (__mmask16)two;
    if (v + 1 < vectors) masks[v + 1] = (__mmask16)_kshiftri_mask32(two, 16);
  }
}

// As many sums as stay in registers, of two filters at a time, so that the additions of one needn't wait.
#define BIT_VECTORS 8

INLINE void add_bits(const uint8_t *bits, const Winners *winners, int32_t lane, int32_t lanes, int32_t vectors,
                     float *gradient, size_t row) {
  const int32_t *place = (const int32_t *)winners->place + lane;
  const float *flow = (const float *)winners->flow + lane;
  Vector sums[2][BIT_VECTORS];
#pragma clang loop unroll(full)
  for (int32_t l = 0; l < lanes; ++l)
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v) sums[l][v] = ((const Vector *)(gradient + l * row))[v];
  for (int64_t i = 0; i < winners->windows; ++i, place += MOTIF_LANES, flow += MOTIF_LANES)
#pragma clang loop unroll(full)
    for (int32_t l = 0; l < lanes; ++l) {
      __mmask16 masks[BIT_VECTORS];
#pragma clang loop unroll(full)
      for (int32_t v = 0; v < vectors; v += 4) load_masks(bits + place[l] + v * 2, vectors - v, masks + v);
      const Vector added = splat_float(flow[l]);
#pragma clang loop unroll(full)
      for (int32_t v = 0; v < vectors; ++v) sums[l][v] = _mm512_mask_add_ps(sums[l][v], masks[v], sums[l][v], added);
    }
#pragma clang loop unroll(full)
  for (int32_t l = 0; l < lanes; ++l)
#pragma clang loop unroll(full)
    for (int32_t v = 0; v < vectors; ++v) ((Vector *)(gradient + l * row))[v] = sums[l][v];
}

INLINE void add_lane_bits(const uint8_t *bits, const Winners *winners, int32_t lane, int32_t lanes, size_t row,
                          float *gradient) {
  for (int32_t vectors = (int32_t)(row / VECTOR_FLOATS); vectors > 0; vectors -= BIT_VECTORS) {
#define ADD_BITS(COUNT) \
  case COUNT: add_bits(bits, winners, lane, lanes, COUNT, gradient, row); break;
    switch (vectors) {
      ADD_BITS(1) ADD_BITS(2) ADD_BITS(3) ADD_BITS(4) ADD_BITS(5) ADD_BITS(6) ADD_BITS(7)
      default: add_bits(bits, winners, lane, lanes, BIT_VECTORS, gradient, row);
    }
#undef ADD_BITS
    bits += BIT_VECTORS * 2;
    gradient += BIT_VECTORS * VECTOR_FLOATS;
  }
}
#endif

// A sequence as the gradients of its winners read it.
typedef struct {
  OneHot one_hot;
#if VECTOR_FLOATS == 16
  // In place of the one-hot tensor if no base is unknown.
  uint8_t *bits;
  int known;
#endif
} HotSequence;

// Adds the winners of `count` filters in a sequence to their sums, one row after the other.
INLINE void add_block(HotSequence sequence, const Winners *winners, int32_t count, int32_t width, float *gradient) {
  const size_t row = winner_row(width);
#if VECTOR_FLOATS == 16
  if (sequence.known) {
    for (int32_t lane = 0; lane + 2 <= count; lane += 2)
      add_lane_bits(sequence.bits, winners, lane, 2, row, gradient + lane * row);
    if (count % 2) add_lane_bits(sequence.bits, winners, count - 1, 1, row, gradient + (count - 1) * row);
    return;
  }
#endif
  for (int32_t lane = 0; lane < count; ++lane)
    add_lane(sequence.one_hot.values, winners, lane, (width + HOT_POSITIONS - 1) / HOT_POSITIONS, gradient + lane * row);
}

static void KERNEL(motif_add_window_winner_gradient)(const MotifBatch *batch, int32_t filters, int32_t width,
                                                     int64_t windows, float *scratch, int64_t stride,
                                                     const int32_t *winner, const float *maximum_gradient,
                                                     float *gradient, float *bias_gradient) {
  if (batch->count == 0) return;
  scratch += -(uintptr_t)scratch / sizeof(float) % MOTIF_LANES;
  const int64_t length = batch->offsets[1] - batch->offsets[0];
  HotSequence sequence = {one_hot_in(scratch, length, width)};
  Lanes *lanes = (Lanes *)(scratch + hot_count(length, width));
  const Winners winners = {(IntLanes *)lanes, lanes + windows, windows};
  HotVector hot_vectors[HOT_CODES * HOT_CODES];
  fill_hot_vectors(hot_vectors);
#if VECTOR_FLOATS == 16
  sequence.bits = (uint8_t *)(lanes + 2 * windows);
  const int32_t bits_step = (int32_t)(hot_bytes(length, width) / HOT_COPIES);
  memset(sequence.bits, 0, hot_bytes(length, width));
#endif
  for (int64_t i = 0; i < batch->count; ++i) {
    const uint8_t *codes = batch->codes + batch->offsets[i];
    HotLayout layout = {sequence.one_hot.step, HOT_POSITIONS * 4};
#if VECTOR_FLOATS == 16
    sequence.known = !memchr(codes, 4, (size_t)length);
    if (sequence.known) {
      fill_bits(codes, length, sequence.bits, bits_step);
      layout = (HotLayout){bits_step, 1};
    } else
#endif
      fill_one_hot(codes, hot_vectors, sequence.one_hot);
    for (int32_t first = 0; first < filters; first += MOTIF_LANES) {
      const int32_t count = filters - first < MOTIF_LANES ? filters - first : MOTIF_LANES;
      load_winners(&winners, layout, count, winner + i * windows * filters + first, filters,
                   maximum_gradient + i * windows * stride + first, stride, bias_gradient + first);
      add_block(sequence, &winners, count, width, gradient + (size_t)first * winner_row(width));
    }
  }
}
