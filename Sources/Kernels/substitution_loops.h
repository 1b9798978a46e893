#pragma once

#include "convolution_loops.h"

static void KERNEL(motif_pool_parts)(const uint8_t *codes, int64_t length, const MotifTables *filters,
                                     uint16_t *scratch, const MotifParts *parts) {
  const int64_t positions = length - filters->width + 1;
  Lanes *maxima = (Lanes *)parts->maxima, *sums = (Lanes *)parts->sums;
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    Lanes *values = (Lanes *)parts->values + b * positions;
    KERNEL(motif_convolve)(codes, length, filters, b, 1, scratch, (float *)values);
    for (int64_t part = 0; part < part_count(positions); ++part) {
      Lanes maximum = {}, sum = {};
      for (int64_t position = part * MOTIF_PART; position < part_end(part, positions); ++position) {
        values[position] = rectified(values[position]);
        maximum = larger(values[position], maximum);
        sum += values[position];
      }
      *maxima++ = maximum;
      *sums++ = sum;
    }
  }
}

// The convolution, rectified, at each position of a window of `length` codes.
INLINE void convolve_window(const Block *block, const uint8_t *window, int64_t length, uint16_t *kmers,
                            Lanes *output) {
  fill_kmers(window, length, block->width, kmers);
  const Windows windows = {window, kmers, length, length - block->width + 1};
  FOR_EACH_POSITION(
      windows, block->width,
      {
        at_known_four(block, kmers + position, output + position);
        for (int k = 0; k < 4; ++k) output[position + k] = rectified(output[position + k]);
      },
      { output[position] = rectified(at_known(block, kmers + position)); },
      { output[position] = rectified(at_unknown(block, &windows, position)); })
}

// Pools the parts of one block, where positions `from` ..< `to` have four versions of their values.
INLINE void pool_versions(const Lanes *values, const Lanes *maxima, const Lanes *sums, int64_t positions, int64_t from,
                          int64_t to, const Lanes *versions, int32_t width, Lanes best[4], Lanes sum[4]) {
  for (int j = 0; j < 4; ++j) best[j] = sum[j] = (Lanes){};
  for (int64_t part = 0; part < part_count(positions); ++part) {
    const int64_t first = part * MOTIF_PART, end = part_end(part, positions);
    if (end <= from || first >= to) {
      for (int j = 0; j < 4; ++j) {
        best[j] = larger(maxima[part], best[j]);
        sum[j] += sums[part];
      }
      continue;
    }
    const int64_t start = from > first ? from : first, stop = to < end ? to : end;
    Lanes own[4] = {};
    for (int64_t position = first; position < start; ++position)
      for (int j = 0; j < 4; ++j) {
        best[j] = larger(values[position], best[j]);
        own[j] += values[position];
      }
    for (int64_t position = start; position < stop; ++position)
      for (int j = 0; j < 4; ++j) {
        const Lanes value = versions[j * width + position - from];
        best[j] = larger(value, best[j]);
        own[j] += value;
      }
    for (int64_t position = stop; position < end; ++position)
      for (int j = 0; j < 4; ++j) {
        best[j] = larger(values[position], best[j]);
        own[j] += values[position];
      }
    for (int j = 0; j < 4; ++j) sum[j] += own[j];
  }
}

static void KERNEL(motif_pool_substitutions)(const uint8_t *codes, int64_t length, const MotifTables *filters,
                                             const MotifParts *parts, int64_t first, int64_t count, uint8_t *window,
                                             uint16_t *scratch, float *changed, int64_t stride, float *maximum,
                                             float *mean) {
  const int32_t width = filters->width;
  const int64_t positions = length - width + 1;
  for (int32_t b = 0; b < block_count(filters->filters); ++b) {
    const Block block = block_of(filters, b);
    const Lanes *values = (const Lanes *)parts->values + b * positions;
    const Lanes *maxima = (const Lanes *)parts->maxima + b * part_count(positions);
    const Lanes *sums = (const Lanes *)parts->sums + b * part_count(positions);
    for (int64_t i = 0; i < count; ++i) {
      const int64_t at = first + i;
      const int64_t from = at - width + 1 > 0 ? at - width + 1 : 0;
      const int64_t to = at + 1 < positions ? at + 1 : positions;
      const int64_t window_length = to - from + width - 1;
      memcpy(window, codes + from, (size_t)window_length);
      for (int j = 0; j < 4; ++j) {
        window[at - from] = (uint8_t)j;
        convolve_window(&block, window, window_length, scratch, (Lanes *)changed + j * width);
      }
      Lanes best[4], sum[4];
      pool_versions(values, maxima, sums, positions, from, to, (const Lanes *)changed, width, best, sum);
      for (int j = 0; j < 4; ++j) {
        const int64_t row = (4 * i + j) * stride + b * MOTIF_LANES;
        store_filters(&block, maximum + row, best[j]);
        if (mean) store_filters(&block, mean + row, sum[j] / (float)positions);
      }
    }
  }
}
