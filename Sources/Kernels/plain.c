// The definitions of the fast kernels, in the simplest loops: what they are tested against.

#include "Kernels.h"

#include <float.h>

// The convolution of one filter at one position.
static float convolved(const uint8_t *window, const MotifTables *filters, int32_t lane) {
  const int32_t block = lane / MOTIF_LANES;
  float sum = 0;
  for (int32_t tap = 0; tap < filters->width; ++tap)
    sum += filters->bases[(((size_t)block * filters->width + tap) * 5 + window[tap]) * MOTIF_LANES + lane % MOTIF_LANES];
  return sum;
}

void motif_convolve_plain(const uint8_t *codes, int64_t length, const MotifTables *filters, float *output) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  for (int64_t position = 0; position + filters->width <= length; ++position)
    for (int32_t lane = 0; lane < lanes; ++lane)
      output[position * lanes + lane] = convolved(codes + position, filters, lane);
}

void motif_pool_plain(const MotifBatch *batch, const MotifTables *filters, const float *bias, float *maximum,
                      int32_t *winner, float *rectified_sum) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  for (int64_t i = 0; i < batch->count; ++i)
    for (int32_t lane = 0; lane < lanes; ++lane) {
      float best = -FLT_MAX, sum = 0;
      int32_t at = 0;
      for (int64_t start = batch->offsets[i]; start + filters->width <= batch->offsets[i + 1]; ++start) {
        const float value = convolved(batch->codes + start, filters, lane);
        if (value > best) {
          best = value;
          at = (int32_t)(start - batch->offsets[i]);
        }
        if (rectified_sum && value + bias[lane] > 0) sum += value + bias[lane];
      }
      maximum[i * lanes + lane] = best;
      winner[i * lanes + lane] = at;
      if (rectified_sum) rectified_sum[i * lanes + lane] = sum;
    }
}

void motif_add_rectified_gradient_plain(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                        const float *position_gradient, float *base_gradient,
                                        float *bias_gradient) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  for (int64_t i = 0; i < batch->count; ++i)
    for (int64_t start = batch->offsets[i]; start + filters->width <= batch->offsets[i + 1]; ++start)
      for (int32_t lane = 0; lane < lanes; ++lane) {
        const uint8_t *window = batch->codes + start;
        if (convolved(window, filters, lane) + bias[lane] <= 0) continue;
        const float flow = position_gradient[i * lanes + lane];
        bias_gradient[lane] += flow;
        for (int32_t tap = 0; tap < filters->width; ++tap)
          base_gradient[(((size_t)(lane / MOTIF_LANES) * filters->width + tap) * 5 + window[tap]) * MOTIF_LANES +
                        lane % MOTIF_LANES] += flow;
      }
}

static int64_t window_count(const MotifBatch *batch, int32_t width, int32_t window) {
  return batch->count ? (batch->offsets[1] - batch->offsets[0] - width + 1) / window : 0;
}

void motif_pool_windows_plain(const MotifBatch *batch, const MotifTables *filters, const float *bias, int32_t window,
                              float *maximum, int32_t *winner, float *rectified_sum) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  const int64_t windows = window_count(batch, filters->width, window);
  for (int64_t row = 0; row < batch->count * windows; ++row)
    for (int32_t lane = 0; lane < lanes; ++lane) {
      float best = 0, sum = 0;
      int32_t at = -1;
      for (int64_t position = row % windows * window; position < (row % windows + 1) * window; ++position) {
        const uint8_t *codes = batch->codes + batch->offsets[row / windows] + position;
        const float value = convolved(codes, filters, lane) + bias[lane];
        if (value <= 0) continue;
        sum += value;
        if (value > best) {
          best = value;
          at = (int32_t)position;
        }
      }
      maximum[row * lanes + lane] = best;
      winner[row * lanes + lane] = at;
      if (rectified_sum) rectified_sum[row * lanes + lane] = sum;
    }
}

void motif_add_window_gradient_plain(const MotifBatch *batch, const MotifTables *filters, const float *bias,
                                     int32_t window, const int32_t *winner, const float *winner_gradient,
                                     const float *position_gradient, float *base_gradient, float *bias_gradient) {
  const int32_t lanes = filters->blocks * MOTIF_LANES;
  const int64_t windows = window_count(batch, filters->width, window);
  for (int64_t row = 0; row < batch->count * windows; ++row)
    for (int64_t position = row % windows * window; position < (row % windows + 1) * window; ++position)
      for (int32_t lane = 0; lane < lanes; ++lane) {
        const uint8_t *codes = batch->codes + batch->offsets[row / windows] + position;
        float flow = winner[row * lanes + lane] == position ? winner_gradient[row * lanes + lane] : 0;
        if (position_gradient && convolved(codes, filters, lane) + bias[lane] > 0)
          flow += position_gradient[row * lanes + lane];
        bias_gradient[lane] += flow;
        for (int32_t tap = 0; tap < filters->width; ++tap)
          base_gradient[(((size_t)(lane / MOTIF_LANES) * filters->width + tap) * 5 + codes[tap]) * MOTIF_LANES +
                        lane % MOTIF_LANES] += flow;
      }
}

void sliding_maximum_plain(const float *input, int64_t count, int32_t lanes, int64_t window, float *output) {
  for (int64_t i = 0; i + window <= count; ++i)
    for (int32_t lane = 0; lane < lanes; ++lane) {
      float best = input[i * lanes + lane];
      for (int64_t j = i + 1; j < i + window; ++j)
        if (input[j * lanes + lane] > best) best = input[j * lanes + lane];
      output[i * lanes + lane] = best;
    }
}

void sliding_sum_plain(const float *input, int64_t count, int32_t lanes, int64_t window, float *output) {
  for (int64_t i = 0; i + window <= count; ++i)
    for (int32_t lane = 0; lane < lanes; ++lane) {
      float sum = 0;
      for (int64_t j = i; j < i + window; ++j) sum += input[j * lanes + lane];
      output[i * lanes + lane] = sum;
    }
}
