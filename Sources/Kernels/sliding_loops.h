#pragma once

#include "lanes.h"

INLINE Lanes combine(Lanes a, Lanes b, int maximum) { return maximum ? select_lanes(a > b, a, b) : a + b; }

// Suffixes of one block of `window` rows meet prefixes of the next: row i of the output is the suffix that
// starts at i combined with the prefix that ends at i + window - 1. One vector of lanes.
INLINE void slide_lanes(const SlidingRows *rows, const float *input, int32_t columns, Lanes *suffixes, float *output,
                        int64_t stride, int maximum) {
  const int64_t window = rows->window, lanes = rows->lanes, outputs = rows->count - window + 1;
  const size_t size = (size_t)columns * sizeof(float);
  for (int64_t block = 0; block < outputs; block += window) {
    const float *row = input + block * lanes;
    Lanes suffix = *(const Lanes *)(row + (window - 1) * lanes);
    suffixes[window - 1] = suffix;
    for (int64_t i = window - 2; i >= 0; --i) {
      const Lanes value = *(const Lanes *)(row + i * lanes);
      suffixes[i] = suffix = combine(value, suffix, maximum);
    }
    memcpy(output + block * stride, &suffix, size);
    const int64_t end = outputs - block < window ? outputs - block : window;
    Lanes prefix;
    for (int64_t i = 1; i < end; ++i) {
      const Lanes value = *(const Lanes *)(row + (window + i - 1) * lanes);
      prefix = i == 1 ? value : combine(prefix, value, maximum);
      const Lanes joined = combine(suffixes[i], prefix, maximum);
      memcpy(output + (block + i) * stride, &joined, size);
    }
  }
}

INLINE void slide(const SlidingRows *rows, float *scratch, float *output, int32_t columns, int64_t stride,
                  int maximum) {
  for (int32_t first = 0; first < columns; first += MOTIF_LANES) {
    const int32_t rest = columns - first;
    if (rest >= MOTIF_LANES)
      slide_lanes(rows, rows->values + first, MOTIF_LANES, (Lanes *)scratch, output + first, stride, maximum);
    else slide_lanes(rows, rows->values + first, rest, (Lanes *)scratch, output + first, stride, maximum);
  }
}

static void KERNEL(sliding_maximum)(const SlidingRows *rows, float *scratch, float *output, int32_t columns,
                                    int64_t stride) {
  slide(rows, scratch, output, columns, stride, 1);
}

static void KERNEL(sliding_sum)(const SlidingRows *rows, float *scratch, float *output, int32_t columns,
                                int64_t stride) {
  slide(rows, scratch, output, columns, stride, 0);
}
