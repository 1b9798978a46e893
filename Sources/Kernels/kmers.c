#include "Kernels.h"

#include <string.h>

size_t gapped_stride(int64_t length, int32_t span) {
  const int64_t windows = length < span ? 0 : length - span + 1;
  return (size_t)(windows + 2 * GAPPED_BLOCK - 1) / GAPPED_BLOCK * GAPPED_BLOCK;
}

// Sums kept side by side, so that an addition needn't wait for the one before.
#define SUMS 4

static float row_sum(const float *weights, const uint16_t *indices, int64_t count) {
  float sums[SUMS] = {};
  int64_t i = 0;
  for (; i + SUMS <= count; i += SUMS)
    for (int32_t lane = 0; lane < SUMS; ++lane) sums[lane] += weights[indices[i + lane]];
  for (; i < count; ++i) sums[0] += weights[indices[i]];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

float gapped_sum(const GappedRows *rows, const float *weights) {
  float sum = 0;
  for (int32_t row = 0; row < rows->count; ++row)
    sum += row_sum(weights + (size_t)(row / 2) * rows->kmers, rows->indices + row * rows->stride, rows->windows);
  return sum;
}

void gapped_add(const GappedRows *rows, float step, float *weights) {
  for (int32_t row = 0; row < rows->count; ++row) {
    const uint16_t *indices = rows->indices + row * rows->stride;
    float *own = weights + (size_t)(row / 2) * rows->kmers;
    for (int64_t i = 0; i < rows->windows; ++i) own[indices[i]] += step;
  }
}

double gapped_squares(const GappedRows *rows, uint32_t *counts) {
  double sum = 0;
  for (int32_t pattern = 0; pattern < rows->count / 2; ++pattern) {
    const uint16_t *forward = rows->indices + 2 * pattern * rows->stride, *reverse = forward + rows->stride;
    uint64_t squares = 0;
    for (int64_t i = 0; i < rows->windows; ++i) {
      ++counts[forward[i]];
      ++counts[reverse[i]];
    }
    for (int64_t i = 0; i < rows->windows; ++i) squares += (uint64_t)counts[forward[i]] + counts[reverse[i]];
    for (int64_t i = 0; i < rows->windows; ++i) counts[forward[i]] = counts[reverse[i]] = 0;
    sum += (double)squares;
  }
  return sum;
}

// The bases of a window that lie in its half of `width` bases from `start` on, moved to where a pattern puts them;
// with `reverse`, as the pattern sees the window from the other strand.
static void place_half(const GappedPatterns *patterns, const int32_t *offsets, int32_t start, int32_t width,
                       int reverse, uint16_t *places) {
  for (uint32_t half = 0; half < 1u << 2 * width; ++half) {
    places[half] = 0;
    for (int32_t j = 0; j < patterns->informative; ++j) {
      const int32_t at = (reverse ? patterns->span - 1 - offsets[j] : offsets[j]) - start;
      if (at < 0 || at >= width) continue;
      const uint32_t base = half >> 2 * (width - 1 - at) & 3;
      places[half] |= (uint16_t)((reverse ? base ^ 3 : base) << 2 * (patterns->informative - 1 - j));
    }
  }
}

void gapped_merge(const GappedPatterns *patterns, const float *weights, uint32_t first, uint32_t count,
                  float *output) {
  const int32_t low_width = patterns->span / 2, high_width = patterns->span - low_width;
  const uint32_t low_mask = (1u << 2 * low_width) - 1;
  uint16_t places[4][1 << 2 * GAPPED_HALF];
  memset(output, 0, count * sizeof(float));
  for (int32_t pattern = 0; pattern < patterns->count; ++pattern) {
    const int32_t *offsets = patterns->offsets + pattern * patterns->informative;
    const float *own = weights + ((size_t)pattern << 2 * patterns->informative);
    for (int reverse = 0; reverse < 2; ++reverse) {
      place_half(patterns, offsets, 0, high_width, reverse, places[2 * reverse]);
      place_half(patterns, offsets, high_width, low_width, reverse, places[2 * reverse + 1]);
    }
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t high = (first + i) >> 2 * low_width, low = (first + i) & low_mask;
      output[i] += own[places[0][high] | places[1][low]] + own[places[2][high] | places[3][low]];
    }
  }
}

// The sum of a task's scores of the k-mers in `count` codes.
static double kmer_sum(const KmerScores *table, const uint8_t *codes, int64_t count, int32_t task) {
  const uint32_t mask = (1u << 2 * table->span) - 1;
  uint32_t kmer = 0;
  int32_t known = 0;
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    kmer = (kmer << 2 | (codes[i] & 3)) & mask;
    known = codes[i] < 4 ? known + 1 : 0;
    if (known >= table->span) sum += table->scores[(size_t)kmer * table->tasks + task];
  }
  return sum;
}

void kmer_score_substitutions(const KmerScores *table, const uint8_t *codes, int64_t count, double *sums,
                              float *output) {
  const int32_t span = table->span, tasks = table->tasks;
  const double scale = 1 / __builtin_sqrt((double)(count - span + 1));
  for (int32_t task = 0; task < tasks; ++task) sums[task] = kmer_sum(table, codes, count, task);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t from = i - span + 1 > 0 ? i - span + 1 : 0, to = i + span < count ? i + span : count;
    uint8_t window[2 * KMER_SPAN];
    for (int64_t at = from; at < to; ++at) window[at - from] = codes[at];
    for (int32_t task = 0; task < tasks; ++task) {
      const double rest = sums[task] - kmer_sum(table, codes + from, to - from, task);
      for (int32_t base = 0; base < 4; ++base) {
        window[i - from] = (uint8_t)base;
        const double sum = rest + kmer_sum(table, window, to - from, task);
        const double scaled = sum * scale;
        output[(4 * i + base) * tasks + task] = (float)(table->bias[task] + scaled);
      }
    }
  }
}
