#include "Kernels.h"
#include "tables.h"

#include <string.h>

size_t motif_base_count(int32_t filters, int32_t width) {
  return (size_t)block_count(filters) * width * 5 * MOTIF_LANES;
}

size_t motif_table_count(int32_t filters, int32_t width) {
  return (size_t)block_count(filters) * group_count(width) * MOTIF_ROWS * MOTIF_LANES;
}

size_t motif_scratch_count(int64_t total_length, int64_t sequences, int32_t width) {
  return (size_t)total_length + (size_t)sequences * (width + MOTIF_GROUP);
}

void motif_build_bases(const float *weights, const float *bias, int32_t filters, int32_t width, int reverse,
                       float *bases) {
  memset(bases, 0, motif_base_count(filters, width) * sizeof(float));
  for (int32_t first = 0; first < filters; first += MOTIF_LANES) {
    const size_t count = (size_t)(filters - first < MOTIF_LANES ? filters - first : MOTIF_LANES);
    float *rows = bases + motif_base_count(first, width);
    for (int32_t tap = 0; tap < width; ++tap, rows += 5 * MOTIF_LANES) {
      for (int32_t base = 0; base < 4; ++base) {
        float *row = rows + base * MOTIF_LANES;
        memcpy(row, weights + weight_row(width, tap, base, reverse) * filters + first, count * sizeof(float));
        for (size_t lane = 0; tap == 0 && lane < count; ++lane) row[lane] += bias[first + lane];
      }
      for (int32_t lane = 0; lane < MOTIF_LANES; ++lane)
        rows[4 * MOTIF_LANES + lane] = 0.25f * ((rows[lane] + rows[MOTIF_LANES + lane]) +
                                                (rows[2 * MOTIF_LANES + lane] + rows[3 * MOTIF_LANES + lane]));
    }
  }
}

void motif_transpose_gradient(const float *filter_gradient, int32_t filters, int32_t width, int reverse,
                              float *gradient) {
  for (int32_t tap = 0; tap < width; ++tap)
    for (int32_t base = 0; base < 4; ++base) {
      float *out = gradient + weight_row(width, tap, base, reverse) * filters;
      const float *in = filter_gradient + tap * 4 + base;
      for (int32_t filter = 0; filter < filters; ++filter) out[filter] += in[(size_t)filter * width * 4];
    }
}
