#pragma once

#include "function_lanes.h"

// The largest of the lanes.
INLINE float lane_maximum(Lanes lanes) {
  float largest = lanes[0];
  for (int32_t lane = 1; lane < MOTIF_LANES; ++lane) largest = lanes[lane] > largest ? lanes[lane] : largest;
  return largest;
}

INLINE int32_t lanes_left(int64_t count, int64_t i) {
  return (int32_t)(count - i < MOTIF_LANES ? count - i : MOTIF_LANES);
}

// The lanes from `count` on set to `other`.
INLINE Lanes filled(int32_t count, Lanes value, float other) {
  const IntLanes lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return select_lanes(lane < splat(count), value, splat_float(other));
}

INLINE void softmax_row(const float *values, int64_t columns, float *output) {
  Lanes largest = splat_float(-__builtin_inff());
  for (int64_t i = 0; i < columns; i += MOTIF_LANES) {
    const int32_t some = lanes_left(columns, i);
    largest = larger(largest, filled(some, load_some(some, values + i), -__builtin_inff()));
  }
  const float maximum = lane_maximum(largest);
  Lanes sums = {};
  for (int64_t i = 0; i < columns; i += MOTIF_LANES) {
    const int32_t some = lanes_left(columns, i);
    const Lanes power = filled(some, exponential(load_some(some, values + i) - maximum), 0);
    sums += power;
    store_some(some, output + i, power);
  }
  const float factor = 1 / lane_sum(sums);
  for (int64_t i = 0; i < columns; ++i) output[i] *= factor;
}

static void KERNEL(softmax_rows)(const float *values, int64_t rows, int64_t columns, float *output) {
  for (int64_t row = 0; row < rows; ++row) softmax_row(values + row * columns, columns, output + row * columns);
}

static void KERNEL(softmax_rows_gradient)(const float *results, const float *gradient, int64_t rows, int64_t columns,
                                          float *output) {
  for (int64_t row = 0; row < rows; ++row, results += columns, gradient += columns, output += columns) {
    Lanes sums = {};
    for (int64_t i = 0; i < columns; i += MOTIF_LANES) {
      const int32_t some = lanes_left(columns, i);
      sums += load_some(some, results + i) * load_some(some, gradient + i);
    }
    const float sum = lane_sum(sums);
    for (int64_t i = 0; i < columns; i += MOTIF_LANES) {
      const int32_t some = lanes_left(columns, i);
      store_some(some, output + i, load_some(some, results + i) * (load_some(some, gradient + i) - sum));
    }
  }
}

// The mean of a row, or of its squared distances to `center`.
INLINE float row_mean(const float *values, int64_t columns, float center, int squared) {
  Lanes sums = {};
  for (int64_t i = 0; i < columns; i += MOTIF_LANES) {
    const int32_t some = lanes_left(columns, i);
    const Lanes distance = filled(some, load_some(some, values + i) - center, 0);
    sums += squared ? distance * distance : distance;
  }
  return lane_sum(sums) / (float)columns;
}

static void KERNEL(normalize_rows)(const float *values, int64_t rows, int64_t columns, float epsilon,
                                   const float *restrict scale, const float *restrict shift, float *restrict mean,
                                   float *restrict inverse, float *restrict output) {
  for (int64_t row = 0; row < rows; ++row, values += columns, output += columns) {
    const float center = row_mean(values, columns, 0, 0);
    const float factor = 1 / __builtin_sqrtf(row_mean(values, columns, center, 1) + epsilon);
    mean[row] = center;
    inverse[row] = factor;
    for (int64_t i = 0; i < columns; ++i) output[i] = (values[i] - center) * factor * scale[i] + shift[i];
  }
}

// With x' = (x - mean) * inverse and g' = g * scale: inverse * (g' - mean g' - x' * mean (g' x')).
INLINE void normalized_row_gradient(const float *restrict values, const float *restrict gradient, int64_t columns,
                                    float center, float factor, const float *restrict scale, float *restrict output,
                                    float *restrict scale_gradient, float *restrict shift_gradient) {
  Lanes sums = {}, products = {};
  for (int64_t i = 0; i < columns; i += MOTIF_LANES) {
    const int32_t some = lanes_left(columns, i);
    const Lanes flow = load_some(some, gradient + i);
    const Lanes normal = filled(some, (load_some(some, values + i) - center) * factor, 0);
    const Lanes scaled = flow * load_some(some, scale + i);
    sums += scaled;
    products += scaled * normal;
    store_some(some, scale_gradient + i, load_some(some, scale_gradient + i) + flow * normal);
    store_some(some, shift_gradient + i, load_some(some, shift_gradient + i) + flow);
  }
  const float mean = lane_sum(sums) / (float)columns, slope = lane_sum(products) / (float)columns;
  for (int64_t i = 0; i < columns; ++i)
    output[i] = factor * (gradient[i] * scale[i] - mean - (values[i] - center) * factor * slope);
}

static void KERNEL(normalize_rows_gradient)(const float *values, const float *gradient, int64_t rows, int64_t columns,
                                            const float *mean, const float *inverse, const float *scale, float *output,
                                            float *scale_gradient, float *shift_gradient) {
  for (int64_t row = 0; row < rows; ++row)
    normalized_row_gradient(values + row * columns, gradient + row * columns, columns, mean[row], inverse[row], scale,
                            output + row * columns, scale_gradient, shift_gradient);
}
