#include "Kernels.h"
#include "tables.h"

size_t motif_base_count(int32_t filters, int32_t width) {
  return (size_t)block_count(filters) * width * 5 * MOTIF_LANES;
}

size_t motif_table_count(int32_t filters, int32_t width) {
  return (size_t)block_count(filters) * group_count(width) * MOTIF_ROWS * MOTIF_LANES;
}

size_t motif_scratch_count(int64_t total_length, int64_t sequences, int32_t width) {
  return (size_t)total_length + (size_t)sequences * (width + MOTIF_GROUP);
}

size_t motif_padding_scratch_count(int64_t windows, int32_t width) {
  return (5 * (size_t)width + 2 * (size_t)windows) * MOTIF_LANES;
}

size_t motif_screen_scratch_count(int64_t windows, int64_t positions, int32_t width) {
  const size_t values = (size_t)(windows + 2 * positions + 2) * MOTIF_LANES;
  const size_t kmers = (size_t)(windows + positions + 2 * width - 2 + MOTIF_GROUP);
  return (values + kmers) * sizeof(int16_t);
}

size_t motif_winner_count(int32_t filters, int32_t width) { return (size_t)filters * winner_row(width); }

size_t motif_winner_scratch_count(int64_t length, int32_t width, int64_t windows) {
  return hot_count(length, width) + (2 * (size_t)windows + 1) * MOTIF_LANES + hot_bytes(length, width) / sizeof(float) + 1;
}
