#pragma once

#include "dispatch.h"

// Of one window, each column's largest value and the first row that holds it.
INLINE void window_maxima(const float *restrict values, int64_t window, int64_t columns, float *restrict maximum,
                          int32_t *restrict winner) {
  for (int64_t column = 0; column < columns; ++column) {
    maximum[column] = values[column];
    winner[column] = 0;
  }
  for (int64_t row = 1; row < window; ++row) {
    const float *restrict from = values + row * columns;
    const int32_t place = (int32_t)row;
    for (int64_t column = 0; column < columns; ++column) {
      const int is_larger = from[column] > maximum[column];
      maximum[column] = is_larger ? from[column] : maximum[column];
      winner[column] = is_larger ? place : winner[column];
    }
  }
}

INLINE void window_means(const float *restrict values, int64_t window, int64_t columns, float *restrict mean) {
  for (int64_t column = 0; column < columns; ++column) mean[column] = 0;
  for (int64_t row = 0; row < window; ++row)
    for (int64_t column = 0; column < columns; ++column) mean[column] += values[row * columns + column];
  for (int64_t column = 0; column < columns; ++column) mean[column] /= (float)window;
}

static void KERNEL(pool_rows)(const PooledRows *rows, const float *values, int64_t stride, float *maximum,
                              int32_t *winner, float *mean) {
  const int64_t windows = rows->positions / rows->window, columns = rows->columns;
  for (int64_t i = 0; i < rows->count * windows; ++i) {
    const float *window = values + (i / windows * rows->positions + i % windows * rows->window) * columns;
    if (maximum) window_maxima(window, rows->window, columns, maximum + i * stride, winner + i * columns);
    if (mean) window_means(window, rows->window, columns, mean + i * stride);
  }
}

// What one window passes back. Either gradient may be missing.
INLINE void window_gradient(int64_t window, int64_t columns, const int32_t *restrict winner,
                            const float *restrict maximum, const float *restrict mean, float *restrict gradient) {
  for (int64_t row = 0; row < window; ++row, gradient += columns) {
    const int32_t place = (int32_t)row;
    if (mean)
      for (int64_t column = 0; column < columns; ++column) gradient[column] = mean[column] / (float)window;
    if (maximum && mean)
      for (int64_t column = 0; column < columns; ++column)
        gradient[column] += winner[column] == place ? maximum[column] : 0;
    if (maximum && !mean)
      for (int64_t column = 0; column < columns; ++column)
        gradient[column] = winner[column] == place ? maximum[column] : 0;
  }
}

static void KERNEL(pool_gradient)(const PooledRows *rows, int64_t stride, const int32_t *winner,
                                  const float *maximum_gradient, const float *mean_gradient, float *gradient) {
  const int64_t windows = rows->positions / rows->window, columns = rows->columns;
  const int64_t rest = (rows->positions - windows * rows->window) * columns;
  for (int64_t i = 0; i < rows->count; ++i, gradient += rest) {
    for (int64_t w = i * windows; w < (i + 1) * windows; ++w, gradient += rows->window * columns)
      window_gradient(rows->window, columns, winner + w * columns,
                      maximum_gradient ? maximum_gradient + w * stride : NULL,
                      mean_gradient ? mean_gradient + w * stride : NULL, gradient);
    memset(gradient, 0, (size_t)rest * sizeof(float));
  }
}
