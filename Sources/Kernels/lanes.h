// Vectors of MOTIF_LANES numbers.

#pragma once

#include "dispatch.h"

typedef float Lanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));
// What one register holds.
typedef float Vector __attribute__((vector_size(VECTOR_FLOATS * 4), aligned(4)));
typedef int32_t IntLanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));

INLINE IntLanes splat(int32_t value) { return value - (IntLanes){}; }
INLINE Lanes splat_float(float value) { return value - (Lanes){}; }
INLINE IntLanes select_ints(IntLanes mask, IntLanes a, IntLanes b) { return (mask & a) | (~mask & b); }
INLINE Lanes select_lanes(IntLanes mask, Lanes a, Lanes b) {
  return (Lanes)select_ints(mask, (IntLanes)a, (IntLanes)b);
}
INLINE Lanes larger(Lanes a, Lanes b) { return select_lanes(a > b, a, b); }
INLINE Lanes rectified(Lanes value) { return select_lanes(value > 0, value, (Lanes){}); }

typedef float EightLanes __attribute__((vector_size(32), aligned(4)));
typedef float FourLanes __attribute__((vector_size(16), aligned(4)));
typedef float TwoLanes __attribute__((vector_size(8), aligned(4)));

// The first of the lanes, fewer than MOTIF_LANES. Whole vectors at a time: a copy byte by byte would be read again, or
// written, before it has settled.
INLINE void store_first(int32_t count, float *output, Lanes value) {
#if VECTOR_FLOATS == 16
  _mm512_mask_storeu_ps(output, (__mmask16)((1u << count) - 1), (__m512)value);
#else
  _Static_assert(MOTIF_LANES == 16, "a step for each power of 2 below");
  EightLanes eight = __builtin_shufflevector(value, value, 0, 1, 2, 3, 4, 5, 6, 7);
  if (count & 8) {
    *(EightLanes *)output = eight;
    output += 8;
    eight = __builtin_shufflevector(value, value, 8, 9, 10, 11, 12, 13, 14, 15);
  }
  FourLanes four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3);
  if (count & 4) {
    *(FourLanes *)output = four;
    output += 4;
    four = __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  }
  TwoLanes two = __builtin_shufflevector(four, four, 0, 1);
  if (count & 2) {
    *(TwoLanes *)output = two;
    output += 2;
    two = __builtin_shufflevector(four, four, 2, 3);
  }
  if (count & 1) *output = two[0];
#endif
}

// The first of the lanes, fewer than MOTIF_LANES; the others are 0.
INLINE Lanes load_first(int32_t count, const float *input) {
#if VECTOR_FLOATS == 16
  return (Lanes)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), input);
#elif VECTOR_FLOATS >= 8
  const IntLanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const IntLanes mask = lane < splat(count);
  const EightLanes low =
      _mm256_maskload_ps(input, (__m256i)__builtin_shufflevector(mask, mask, 0, 1, 2, 3, 4, 5, 6, 7));
  const EightLanes high =
      _mm256_maskload_ps(input + 8, (__m256i)__builtin_shufflevector(mask, mask, 8, 9, 10, 11, 12, 13, 14, 15));
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  Lanes value = {};
  memcpy(&value, input, (size_t)count * sizeof(float));
  return value;
#endif
}

// The first of the lanes, or all of them.
INLINE void store_some(int32_t count, float *output, Lanes value) {
  if (count == MOTIF_LANES) *(Lanes *)output = value;
  else store_first(count, output, value);
}

INLINE Lanes load_some(int32_t count, const float *input) {
  return count == MOTIF_LANES ? *(const Lanes *)input : load_first(count, input);
}

// The sum of the lanes, halves added to halves.
INLINE float lane_sum(Lanes lanes) {
  const EightLanes eight = __builtin_shufflevector(lanes, lanes, 0, 1, 2, 3, 4, 5, 6, 7) +
                           __builtin_shufflevector(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15);
  const FourLanes four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
                         __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  const TwoLanes two = __builtin_shufflevector(four, four, 0, 1) + __builtin_shufflevector(four, four, 2, 3);
  return two[0] + two[1];
}

// A bit per lane of a mask.
INLINE uint32_t lane_bits(IntLanes mask) {
#if VECTOR_FLOATS >= 8
  const Lanes lanes = (Lanes)mask;
  const EightLanes low = __builtin_shufflevector(lanes, lanes, 0, 1, 2, 3, 4, 5, 6, 7);
  const EightLanes high = __builtin_shufflevector(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15);
  return (uint32_t)_mm256_movemask_ps(low) | (uint32_t)_mm256_movemask_ps(high) << 8;
#else
  uint32_t bits = 0;
  for (int32_t lane = 0; lane < MOTIF_LANES; ++lane) bits |= (uint32_t)(mask[lane] & 1) << lane;
  return bits;
#endif
}
