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

// The convolution, rectified, at each position of a window of `length` codes that has each of the four bases at `at`,
// which every position reads: [position][4]. The four share the rows of the groups that don't hold the base.
INLINE void convolve_versions(const Block *block, uint8_t *window, int64_t length, int64_t at, uint16_t *kmers,
                              Lanes *versions) {
  window[at] = 0;
  fill_kmers(window, length, block->width, kmers);
  const Windows windows = {window, kmers, length, length - block->width + 1};
  const int has_unknown = memchr(window, 4, (size_t)length) != NULL;
  for (int64_t position = 0; position < windows.positions; ++position, versions += 4) {
    if (has_unknown && memchr(window + position, 4, (size_t)block->width)) {
      for (int j = 0; j < 4; ++j) {
        window[at] = (uint8_t)j;
        versions[j] = rectified(at_unknown(block, &windows, position));
      }
      window[at] = 0;
      continue;
    }
    const int64_t tap = at - position, own = tap / MOTIF_GROUP;
    const int64_t step = 1 << 2 * (MOTIF_GROUP - 1 - tap % MOTIF_GROUP);
    const Row *table = block->tables;
    const uint16_t *kmer = kmers + position;
    Lanes sum = {};
    for (int64_t group = 0; group < own; ++group, table += MOTIF_ROWS, kmer += MOTIF_GROUP)
      sum += *row_at(table, *kmer);
    Lanes sums[4];
    for (int j = 0; j < 4; ++j) sums[j] = sum + row_at(table, *kmer)[j * step];
    for (int64_t group = own + 1; group < block->groups; ++group) {
      table += MOTIF_ROWS;
      kmer += MOTIF_GROUP;
      const Lanes row = *row_at(table, *kmer);
      for (int j = 0; j < 4; ++j) sums[j] += row;
    }
    for (int j = 0; j < 4; ++j) versions[j] = rectified(sums[j]);
  }
}

// Pools the parts of one block, where positions `from` ..< `to` have four versions of their values. Sums follow the order
// of motif_pool's; maxima know none.
INLINE void pool_versions(const Lanes *values, const Lanes *maxima, const Lanes *sums, int64_t positions, int64_t from,
                          int64_t to, const Lanes *versions, Lanes best[4], Lanes sum[4]) {
  Lanes shared = {};
  for (int j = 0; j < 4; ++j) best[j] = sum[j] = (Lanes){};
  for (int64_t part = 0; part < part_count(positions); ++part) {
    const int64_t first = part * MOTIF_PART, end = part_end(part, positions);
    if (end <= from || first >= to) {
      shared = larger(maxima[part], shared);
      for (int j = 0; j < 4; ++j) sum[j] += sums[part];
      continue;
    }
    const int64_t start = from > first ? from : first, stop = to < end ? to : end;
    Lanes before = {};
    for (int64_t position = first; position < start; ++position) {
      shared = larger(values[position], shared);
      before += values[position];
    }
    Lanes own[4] = {before, before, before, before};
    for (int64_t position = start; position < stop; ++position)
      for (int j = 0; j < 4; ++j) {
        const Lanes value = versions[4 * (position - from) + j];
        best[j] = larger(value, best[j]);
        own[j] += value;
      }
    for (int64_t position = stop; position < end; ++position) {
      shared = larger(values[position], shared);
      for (int j = 0; j < 4; ++j) own[j] += values[position];
    }
    for (int j = 0; j < 4; ++j) sum[j] += own[j];
  }
  for (int j = 0; j < 4; ++j) best[j] = larger(shared, best[j]);
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
      convolve_versions(&block, window, window_length, at - from, scratch, (Lanes *)changed);
      Lanes best[4], sum[4];
      pool_versions(values, maxima, sums, positions, from, to, (const Lanes *)changed, best, sum);
      for (int j = 0; j < 4; ++j) {
        const int64_t row = (4 * i + j) * stride + b * MOTIF_LANES;
        store_filters(&block, maximum + row, best[j]);
        if (mean) store_filters(&block, mean + row, sum[j] / (float)positions);
      }
    }
  }
}
