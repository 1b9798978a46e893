#pragma once

#include "convolution_loops.h"

// What the motifs of a block lack, each up to SIEVE_REJECTED.
typedef uint8_t Lacks __attribute__((ext_vector_type(SIEVE_LANES), aligned(MOTIF_ALIGNMENT)));
typedef _Bool SieveMask __attribute__((ext_vector_type(SIEVE_LANES)));

_Static_assert(sizeof(Lacks) == sizeof(Row), "k-mers are places in bytes of rows of either kind");

static void KERNEL(motif_find_kmers)(const uint8_t *codes, int64_t length, int32_t width, uint16_t *kmers) {
  fill_kmers(codes, length, width, kmers);
}

INLINE Lacks lacks_at(const uint8_t *rows, uint16_t kmer) { return *(const Lacks *)(rows + kmer); }

INLINE Lacks lacking(const MotifSieve *sieve, const uint16_t *kmers) {
  Lacks sum = 0;
  const uint8_t *rows = sieve->lacks;
  for (int32_t group = 0; group < sieve->groups; ++group, rows += MOTIF_ROWS * SIEVE_LANES)
    sum = __builtin_elementwise_add_sat(sum, lacks_at(rows, kmers[group * MOTIF_GROUP]));
  return sum;
}

// What four positions in a row lack, as at_known_four reads them.
INLINE void lacking_four(const MotifSieve *sieve, const uint16_t *kmers, Lacks *sums) {
  const uint8_t *rows = sieve->lacks;
  Lacks a = 0, b = 0, c = 0, d = 0;
  for (int32_t group = 0; group < sieve->groups; ++group, rows += MOTIF_ROWS * SIEVE_LANES, kmers += MOTIF_GROUP) {
    uint64_t four;
    memcpy(&four, kmers, sizeof four);
    a = __builtin_elementwise_add_sat(a, lacks_at(rows, (uint16_t)four));
    b = __builtin_elementwise_add_sat(b, lacks_at(rows, (uint16_t)(four >> 16)));
    c = __builtin_elementwise_add_sat(c, lacks_at(rows, (uint16_t)(four >> 32)));
    d = __builtin_elementwise_add_sat(d, lacks_at(rows, (uint16_t)(four >> 48)));
  }
  sums[0] = a;
  sums[1] = b;
  sums[2] = c;
  sums[3] = d;
}

// A bit for each lane that isn't rejected.
INLINE uint64_t passing(Lacks sum) {
  const SieveMask mask = __builtin_convertvector(sum != SIEVE_REJECTED, SieveMask);
  uint64_t bits;
  memcpy(&bits, &mask, sizeof bits);
  return bits;
}

INLINE uint32_t *store_passing(Lacks sum, int64_t position, uint32_t *next) {
  for (uint64_t bits = passing(sum); bits; bits &= bits - 1)
    *next++ = (uint32_t)(position * SIEVE_LANES + __builtin_ctzll(bits));
  return next;
}

static int64_t KERNEL(motif_sieve)(const uint8_t *codes, const uint16_t *kmers, int64_t count, const MotifSieve *sieve,
                                   uint32_t *hits) {
  uint32_t *next = hits;
  for (int64_t position = 0; position < count; ++position) {
    if (codes[position] == 4) continue;
    const uint8_t *unknown = memchr(codes + position, 4, (size_t)(count - position));
    const int64_t end = unknown ? unknown - codes : count;
    for (; position + 4 <= end; position += 4) {
      Lacks sums[4];
      lacking_four(sieve, kmers + position, sums);
      if (__builtin_expect(passing(sums[0] & sums[1] & sums[2] & sums[3]) == 0, 1)) continue;
      for (int k = 0; k < 4; ++k) next = store_passing(sums[k], position + k, next);
    }
    for (; position < end; ++position) next = store_passing(lacking(sieve, kmers + position), position, next);
  }
  return next - hits;
}
