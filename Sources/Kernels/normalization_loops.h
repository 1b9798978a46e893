#pragma once

#include "dispatch.h"

// Columns whose sums, in doubles, are made side by side.
#define MOMENT_COLUMNS 256

// The means over the rows of some columns, or of their squared distances to `center`.
INLINE void column_means(const float *restrict values, int64_t rows, int64_t stride, int64_t columns,
                         const float *restrict center, float *restrict mean) {
  double sums[MOMENT_COLUMNS] = {};
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      const float value = values[row * stride + column], distance = center ? value - center[column] : 0;
      sums[column] += center ? distance * distance : value;
    }
  for (int64_t column = 0; column < columns; ++column) mean[column] = (float)(sums[column] / (double)rows);
}

static void KERNEL(column_moments)(const float *values, int64_t rows, int64_t columns, float *mean, float *variance) {
  for (int64_t first = 0; first < columns; first += MOMENT_COLUMNS) {
    const int64_t count = columns - first < MOMENT_COLUMNS ? columns - first : MOMENT_COLUMNS;
    column_means(values + first, rows, columns, count, NULL, mean + first);
    column_means(values + first, rows, columns, count, mean + first, variance + first);
  }
}

static void KERNEL(normalize)(const Normalization *map, const float *restrict values, int64_t rows,
                              float *restrict output) {
  const int64_t columns = map->columns;
  const float *restrict mean = map->mean, *restrict scale = map->scale, *restrict shift = map->shift;
  for (int64_t row = 0; row < rows; ++row, values += columns, output += columns)
    for (int64_t column = 0; column < columns; ++column)
      output[column] = (values[column] - mean[column]) * scale[column] + shift[column];
}

INLINE void column_products(const float *restrict gradient, const float *restrict values, const float *restrict mean,
                            int64_t rows, int64_t stride, int64_t columns, float *restrict sum,
                            float *restrict product) {
  double sums[MOMENT_COLUMNS] = {}, products[MOMENT_COLUMNS] = {};
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      const float flow = gradient[row * stride + column];
      sums[column] += flow;
      products[column] += flow * (values[row * stride + column] - mean[column]);
    }
  for (int64_t column = 0; column < columns; ++column) {
    sum[column] = (float)sums[column];
    product[column] = (float)products[column];
  }
}

static void KERNEL(moment_products)(const float *gradient, const float *values, const float *mean, int64_t rows,
                                    int64_t columns, float *sum, float *product) {
  for (int64_t first = 0; first < columns; first += MOMENT_COLUMNS) {
    const int64_t count = columns - first < MOMENT_COLUMNS ? columns - first : MOMENT_COLUMNS;
    column_products(gradient + first, values + first, mean + first, rows, columns, count, sum + first,
                    product + first);
  }
}

static void KERNEL(normalize_gradient)(const Normalization *map, const float *restrict slope,
                                       const float *restrict gradient, const float *restrict values, int64_t rows,
                                       float *restrict output) {
  const int64_t columns = map->columns;
  const float *restrict mean = map->mean, *restrict scale = map->scale, *restrict shift = map->shift;
  for (int64_t row = 0; row < rows; ++row, values += columns, gradient += columns, output += columns)
    for (int64_t column = 0; column < columns; ++column)
      output[column] =
          scale[column] * gradient[column] + slope[column] * (values[column] - mean[column]) + shift[column];
}
