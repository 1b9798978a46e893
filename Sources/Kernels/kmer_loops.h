#pragma once

#include "dispatch.h"

// The k-mer that ends at the last base read; it is known where `known` has reached k.
typedef struct {
  uint32_t code;
  int32_t known;
} Kmer;

INLINE void read_base(Kmer *kmer, uint8_t base, uint32_t mask) {
  kmer->code = (kmer->code << 2 | (base & 3)) & mask;
  kmer->known = base < 4 ? kmer->known + 1 : 0;
}

// The distance, in bases, at which a k-mer's scores are fetched before their use: the table is larger than the near caches.
#define KMER_FETCH_AHEAD 24

INLINE void score_windows(const KmerScores *table, const uint8_t *codes, int64_t count, int64_t length, double *sums,
                          float *output, int32_t tasks) {
  const uint32_t mask = (1u << 2 * table->span) - 1;
  const int64_t kmers = length - table->span + 1;
  const double scale = 1 / __builtin_sqrt((double)kmers);
  // What the k-mers of a window add, in a ring: what leaves it isn't looked up again.
  double *first = sums + tasks, *end = first + kmers * tasks, *added = first;
  for (double *number = sums; number < end; ++number) *number = 0;
  Kmer entering = {}, ahead = {};
  for (int64_t i = -KMER_FETCH_AHEAD; i < count; ++i) {
    if (i + KMER_FETCH_AHEAD < count) {
      read_base(&ahead, codes[i + KMER_FETCH_AHEAD], mask);
      __builtin_prefetch(table->scores + (size_t)ahead.code * tasks);
    }
    if (i < 0) continue;
    read_base(&entering, codes[i], mask);
    const int isKnown = entering.known >= table->span;
    for (int32_t task = 0; task < tasks; ++task) {
      const double score = isKnown ? table->scores[(size_t)entering.code * tasks + task] : 0;
      sums[task] += score - added[task];
      added[task] = score;
    }
    added = added + tasks == end ? first : added + tasks;
    if (i < length - 1) continue;
    for (int32_t task = 0; task < tasks; ++task) {
      const double scaled = sums[task] * scale;
      *output++ = (float)(table->bias[task] + scaled);
    }
  }
}

static void KERNEL(kmer_score_windows)(const KmerScores *table, const uint8_t *codes, int64_t count, int64_t length,
                                       double *sums, float *output) {
  if (table->tasks == 1) score_windows(table, codes, count, length, sums, output, 1);
  else score_windows(table, codes, count, length, sums, output, table->tasks);
}

// The gapped k-mers of one pattern in whole blocks of windows, at both strands. The complement of code c is c ^ 3.
INLINE void find_known(const uint8_t *restrict codes, int64_t windows, const int32_t *offsets, int32_t informative,
                       int32_t span, uint16_t *restrict forward, uint16_t *restrict reverse) {
  const uint16_t complement = (uint16_t)((1u << 2 * informative) - 1);
  for (int64_t block = 0; block < windows; block += GAPPED_BLOCK)
    for (int64_t i = block; i < block + GAPPED_BLOCK; ++i) {
      uint16_t ahead = 0, behind = 0;
      for (int32_t j = 0; j < informative; ++j) {
        ahead = (uint16_t)(ahead << 2 | codes[i + offsets[j]]);
        behind = (uint16_t)(behind << 2 | codes[i + span - 1 - offsets[j]]);
      }
      forward[i] = ahead;
      reverse[i] = behind ^ complement;
    }
}

static int64_t KERNEL(gapped_find)(const GappedPatterns *patterns, const uint8_t *codes, int64_t length,
                                   uint16_t *indices) {
  const int32_t span = patterns->span, informative = patterns->informative;
  const size_t stride = gapped_stride(length, span);
  int64_t found = 0;
  for (int64_t start = 0, end; start < length; start = end + 1) {
    for (end = start; end < length && codes[end] < 4;) ++end;
    const int64_t windows = end - start - span + 1;
    if (windows <= 0) continue;
    for (int32_t pattern = 0; pattern < patterns->count; ++pattern) {
      const int32_t *offsets = patterns->offsets + pattern * informative;
      uint16_t *forward = indices + 2 * (size_t)pattern * stride + found;
      // Loops of known length are worth a case each.
      if (informative == 6) find_known(codes + start, windows, offsets, 6, span, forward, forward + stride);
      else if (informative == 7) find_known(codes + start, windows, offsets, 7, span, forward, forward + stride);
      else find_known(codes + start, windows, offsets, informative, span, forward, forward + stride);
    }
    found += windows;
  }
  return found;
}
