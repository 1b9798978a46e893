#pragma once

#include "lanes.h"
#include "tables.h"

// Adds the rows of one group to the sums [tap][base] of the bases that they hold; those of taps past the filter's end
// are of no use.
INLINE void fold_table(const Lanes *row, Lanes *sums) {
  _Static_assert(MOTIF_GROUP == 3, "a loop a tap");
  for (int32_t a = 0; a < 4; ++a)
    for (int32_t b = 0; b < 4; ++b, row += 4) {
      const Lanes sum = (row[0] + row[1]) + (row[2] + row[3]);
      sums[a] += sum;
      sums[4 + b] += sum;
      for (int32_t c = 0; c < 4; ++c) sums[8 + c] += row[c];
    }
}

static void KERNEL(motif_fold_gradient)(const float *table_gradient, const float *base_gradient, int32_t filters,
                                        int32_t width, int reverse, float *gradient) {
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
