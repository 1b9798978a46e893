// How the tables of filters are laid out.

#pragma once

#include "Kernels.h"

static inline int32_t group_count(int32_t width) { return (width + MOTIF_GROUP - 1) / MOTIF_GROUP; }
static inline int32_t block_count(int32_t filters) { return (filters + MOTIF_LANES - 1) / MOTIF_LANES; }

// From one filter to the next in the gradients of winners.
static inline size_t winner_row(int32_t width) {
  return ((size_t)width * 4 + MOTIF_LANES - 1) / MOTIF_LANES * MOTIF_LANES;
}

// The copies of a sequence's one-hot tensor that the gradients of winners have room for, and their floats.
#define HOT_COPIES 2
static inline size_t hot_count(int64_t length, int32_t width) {
  return HOT_COPIES * (((size_t)length * 4 + winner_row(width) + MOTIF_LANES - 1) / MOTIF_LANES * MOTIF_LANES);
}
// The bytes of as many copies with a bit per base.
static inline size_t hot_bytes(int64_t length, int32_t width) {
  return HOT_COPIES * (((size_t)length + 63) / 64 * 32 + winner_row(width) / 8 + 8);
}

// The place in the weights of what the tables of a strand call `tap` and `base`.
static inline size_t weight_row(int32_t width, int32_t tap, int32_t base, int reverse) {
  return reverse ? (size_t)(width - 1 - tap) * 4 + 3 - base : (size_t)tap * 4 + base;
}
