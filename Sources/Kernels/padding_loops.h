#pragma once

#include "convolution_loops.h"

// Windows read between unknown bases, as one side looks from its own end: the base `i` places from the end of the first
// window is codes[step * i], the window that ends there has row step * i, and tap k of the filters adds
// deltas[step * 5 * k + base] more than for an unknown base.
typedef struct {
  const uint8_t *codes;
  int64_t windows;
  const Lanes *deltas;
  Lanes *maxima;
  Lanes *sums;
  // The convolution over unknown bases alone.
  Lanes unknown;
  int32_t width;
  int32_t padding;
} PaddedSide;

// Lets filters that stand `first` places from the end of the first window read its bases, last tap first: each base makes
// of the convolution for one window that for the window one place on. Returns the one that has read tap `to`.
INLINE Lanes read_taps(const PaddedSide *side, int64_t first, int64_t from, int64_t to, Lanes value, int step,
                       int with_sums) {
  for (int64_t tap = from; tap >= to; --tap) {
    const int64_t place = first + tap;
    value += side->deltas[step * 5 * tap + side->codes[step * place]];
    if (tap > side->padding || place >= side->windows) continue;
    side->maxima[step * place] = larger(value, side->maxima[step * place]);
    if (with_sums) side->sums[step * place] += rectified(value);
  }
  return value;
}

// read_taps at four places in a row, which share the loads and stores of windows.
INLINE void read_four(const PaddedSide *side, int64_t first, int step, int with_sums) {
  Lanes values[4];
  for (int i = 0; i < 4; ++i)
    values[i] = read_taps(side, first + i, side->width - 1, side->padding - i + 1, side->unknown, step, with_sums);
  for (int64_t tap = side->padding; tap > 3; --tap) {
    const int64_t place = step * (first + tap);
    const Lanes *deltas = side->deltas + step * 5 * tap + side->codes[place];
    Lanes best = side->maxima[place], sum = {};
    for (int i = 0; i < 4; ++i) {
      values[i] += deltas[-step * 5 * i];
      best = larger(values[i], best);
      if (with_sums) sum += rectified(values[i]);
    }
    side->maxima[place] = best;
    if (with_sums) side->sums[place] += sum;
  }
  for (int i = 0; i < 4; ++i) read_taps(side, first + i, 3 - i, 1, values[i], step, with_sums);
}

INLINE void pool_side(const PaddedSide *side, int step, int with_sums) {
  for (int64_t first = -side->padding; first < side->windows - 1;) {
    if (first >= 0 && side->padding >= 3 && first + 3 + side->padding < side->windows) {
      read_four(side, first, step, with_sums);
      first += 4;
    } else {
      read_taps(side, first, side->width - 1, first < 0 ? -first : 1, side->unknown, step, with_sums);
      ++first;
    }
  }
}

static void KERNEL(motif_pool_padding)(const PaddedWindows *windows, const MotifTables *filters, float *scratch,
                                       int64_t stride, float *maximum, float *sum) {
  const int32_t width = filters->width;
  Lanes *deltas = (Lanes *)scratch, *maxima = deltas + 5 * width, *sums = maxima + windows->count;
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    Lanes unknown = {};
    for (int32_t row = 0; row < 5 * width; ++row) {
      const Lanes mean = block.bases[row / 5 * 5 + 4];
      deltas[row] = block.bases[row] - mean;
      if (row % 5 == 4) unknown += mean;
    }
    memset(maxima, 0, 2 * (size_t)windows->count * sizeof *maxima);
    const int64_t last = windows->count - 1;
    const PaddedSide before = {windows->codes, windows->count, deltas, maxima, sums, unknown, width, windows->padding};
    const PaddedSide behind = {windows->codes + last + windows->length - 1, windows->count,
                               deltas + 5 * (width - 1), maxima + last, sums + last, unknown, width,
                               windows->padding};
    if (sum) {
      pool_side(&before, 1, 1);
      pool_side(&behind, -1, 1);
    } else {
      pool_side(&before, 1, 0);
      pool_side(&behind, -1, 0);
    }
    for (int64_t i = 0; i < windows->count; ++i) {
      const int64_t row = i * stride + b * MOTIF_LANES;
      store_filters(&block, maximum + row, larger(load_filters(&block, maximum + row), maxima[i]));
      if (sum) store_filters(&block, sum + row, load_filters(&block, sum + row) + sums[i]);
    }
  }
}
