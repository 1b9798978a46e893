#include "Kernels.h"
#include "dispatch.h"

#include <string.h>

typedef float Lanes __attribute__((vector_size(MOTIF_LANES * 4), aligned(4)));

static int32_t group_count(int32_t width) { return (width + MOTIF_GROUP - 1) / MOTIF_GROUP; }
static int32_t block_count(int32_t filters) { return (filters + MOTIF_LANES - 1) / MOTIF_LANES; }

size_t motif_base_count(int32_t filters, int32_t width) {
  return (size_t)block_count(filters) * width * 5 * MOTIF_LANES;
}

size_t motif_table_count(int32_t filters, int32_t width) {
  return (size_t)block_count(filters) * group_count(width) * MOTIF_ROWS * MOTIF_LANES;
}

size_t motif_scratch_count(int64_t total_length, int64_t sequences, int32_t width) {
  return (size_t)total_length + (size_t)sequences * (width + MOTIF_GROUP);
}

// The place in the weights of what the tables of a strand call `tap` and `base`.
static size_t weight_row(int32_t width, int32_t tap, int32_t base, int reverse) {
  return reverse ? (size_t)(width - 1 - tap) * 4 + 3 - base : (size_t)tap * 4 + base;
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

// Adds the rows of one group to the sums [tap][base] of the bases that they hold; those of taps past the filter's end
// are of no use.
CPU_DISPATCH static void fold_table(const Lanes *row, Lanes *sums) {
  _Static_assert(MOTIF_GROUP == 3, "a loop a tap");
  for (int32_t a = 0; a < 4; ++a)
    for (int32_t b = 0; b < 4; ++b, row += 4) {
      const Lanes sum = (row[0] + row[1]) + (row[2] + row[3]);
      sums[a] += sum;
      sums[4 + b] += sum;
      for (int32_t c = 0; c < 4; ++c) sums[8 + c] += row[c];
    }
}

void motif_fold_gradient(const float *table_gradient, const float *base_gradient, int32_t filters, int32_t width,
                         int reverse, float *gradient) {
  const int32_t groups = group_count(width);
  for (int32_t block = 0; block * MOTIF_LANES < filters; ++block)
    for (int32_t group = 0; group < groups; ++group) {
      const int32_t first = group * MOTIF_GROUP;
      const int32_t taps = width - first < MOTIF_GROUP ? width - first : MOTIF_GROUP;
      Lanes sums[MOTIF_GROUP * 4] = {};
      fold_table((const Lanes *)table_gradient + ((size_t)block * groups + group) * MOTIF_ROWS, sums);
      for (int32_t tap = 0; tap < taps; ++tap) {
        const float *rows = base_gradient + (((size_t)block * width + first + tap) * 5) * MOTIF_LANES;
        for (int32_t base = 0; base < 4; ++base) {
          float *out = gradient + weight_row(width, first + tap, base, reverse) * filters + block * MOTIF_LANES;
          for (int32_t lane = 0; lane < MOTIF_LANES && block * MOTIF_LANES + lane < filters; ++lane)
            out[lane] += sums[tap * 4 + base][lane] + rows[base * MOTIF_LANES + lane] +
                         0.25f * rows[4 * MOTIF_LANES + lane];
        }
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
