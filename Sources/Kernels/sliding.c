#include "Kernels.h"
#include "dispatch.h"

#include <string.h>

INLINE float combine(float a, float b, int maximum) { return maximum ? (a > b ? a : b) : a + b; }

// Suffixes of one block of `window` rows meet prefixes of the next: row i of the output is the suffix that
// starts at i combined with the prefix that ends at i + window - 1.
INLINE void slide(const float *input, int64_t count, int32_t lanes, int64_t window, float *scratch, float *output,
                  int maximum) {
  for (int64_t block = 0; block + window <= count; block += window) {
    memcpy(scratch + (window - 1) * lanes, input + (block + window - 1) * lanes, lanes * sizeof(float));
    for (int64_t i = window - 2; i >= 0; --i)
      for (int32_t lane = 0; lane < lanes; ++lane)
        scratch[i * lanes + lane] =
            combine(input[(block + i) * lanes + lane], scratch[(i + 1) * lanes + lane], maximum);
    memcpy(output + block * lanes, scratch, lanes * sizeof(float));
    // The prefix of the next block is kept in place of the suffix that is used up.
    for (int64_t i = 1; i < window && block + window + i <= count; ++i) {
      float *prefix = scratch;
      const float *row = input + (block + window + i - 1) * lanes;
      for (int32_t lane = 0; lane < lanes; ++lane) {
        prefix[lane] = i == 1 ? row[lane] : combine(prefix[lane], row[lane], maximum);
        output[(block + i) * lanes + lane] = combine(scratch[i * lanes + lane], prefix[lane], maximum);
      }
    }
  }
}

CPU_DISPATCH void sliding_maximum(const float *input, int64_t count, int32_t lanes, int64_t window, float *scratch,
                                  float *output) {
  slide(input, count, lanes, window, scratch, output, 1);
}

CPU_DISPATCH void sliding_sum(const float *input, int64_t count, int32_t lanes, int64_t window, float *scratch,
                              float *output) {
  slide(input, count, lanes, window, scratch, output, 0);
}

CPU_DISPATCH void add_bias_and_rectify(float *values, int64_t rows, int32_t lanes, const float *bias) {
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t lane = 0; lane < lanes; ++lane) {
      const float raised = values[row * lanes + lane] + bias[lane];
      values[row * lanes + lane] = raised > 0 ? raised : 0;
    }
}
