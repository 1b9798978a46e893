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

void sliding_maximum_plain(const SlidingRows *rows, float *output, int32_t columns, int64_t stride) {
  for (int64_t i = 0; i + rows->window <= rows->count; ++i)
    for (int32_t lane = 0; lane < columns; ++lane) {
      float best = rows->values[i * rows->lanes + lane];
      for (int64_t j = i + 1; j < i + rows->window; ++j)
        if (rows->values[j * rows->lanes + lane] > best) best = rows->values[j * rows->lanes + lane];
      output[i * stride + lane] = best;
    }
}

void sliding_sum_plain(const SlidingRows *rows, float *output, int32_t columns, int64_t stride) {
  for (int64_t i = 0; i + rows->window <= rows->count; ++i)
    for (int32_t lane = 0; lane < columns; ++lane) {
      float sum = 0;
      for (int64_t j = i; j < i + rows->window; ++j) sum += rows->values[j * rows->lanes + lane];
      output[i * stride + lane] = sum;
    }
}

void affine_plain(const Affine *map, const float *input, int64_t rows, float *output) {
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t column = 0; column < map->outputs; ++column) {
      float sum = map->bias[column];
      for (int32_t k = 0; k < map->inputs; ++k)
        sum += input[row * map->inputs + k] * map->weight[(int64_t)k * map->outputs + column];
      output[row * map->outputs + column] = sum;
    }
}
