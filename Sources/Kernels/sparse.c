#include "Kernels.h"

void sparse_rows(const float *matrix, int64_t rows, int64_t row_step, int64_t columns, int64_t column_step,
                 int32_t *starts, int32_t *places, float *values) {
  int32_t count = 0;
  for (int64_t row = 0; row < rows; ++row) {
    starts[row] = count;
    for (int64_t column = 0; column < columns; ++column) {
      const float value = matrix[row * row_step + column * column_step];
      // Written before it is known to count: a branch would be guessed wrong too often.
      places[count] = (int32_t)column;
      values[count] = value;
      count += value != 0;
    }
  }
  starts[rows] = count;
}
