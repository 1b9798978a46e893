// Vectors of MOTIF_LANES numbers.

#pragma once

#include "dispatch.h"

typedef float Lanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));
typedef int32_t IntLanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));

INLINE IntLanes splat(int32_t value) { return value - (IntLanes){}; }
INLINE Lanes splat_float(float value) { return value - (Lanes){}; }
INLINE IntLanes select_ints(IntLanes mask, IntLanes a, IntLanes b) { return (mask & a) | (~mask & b); }
INLINE Lanes select_lanes(IntLanes mask, Lanes a, Lanes b) {
  return (Lanes)select_ints(mask, (IntLanes)a, (IntLanes)b);
}
INLINE Lanes larger(Lanes a, Lanes b) { return select_lanes(a > b, a, b); }
INLINE Lanes rectified(Lanes value) { return select_lanes(value > 0, value, (Lanes){}); }
