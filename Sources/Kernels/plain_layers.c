// The definitions of the kernels of Layers.h, in the simplest loops: what the fast ones are tested against.

#include "Kernels.h"

#include <math.h>

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double normal(double x) { return 0.5 * erfc(-x / sqrt(2)); }

void activate_plain(ActivationFunction function, const float *values, int64_t count, float *output) {
  for (int64_t i = 0; i < count; ++i) {
    const double x = values[i];
    switch (function) {
      case ACTIVATION_EXPONENTIAL: output[i] = (float)exp(x); break;
      case ACTIVATION_TANH: output[i] = (float)tanh(x); break;
      case ACTIVATION_SIGMOID: output[i] = (float)sigmoid(x); break;
      case ACTIVATION_SOFTPLUS: output[i] = (float)(fmax(x, 0) + log1p(exp(-fabs(x)))); break;
      case ACTIVATION_GELU: output[i] = (float)(x * normal(x)); break;
      case ACTIVATION_SILU: output[i] = (float)(x * sigmoid(x)); break;
    }
  }
}

static double slope(ActivationFunction function, double x, double y) {
  switch (function) {
    case ACTIVATION_EXPONENTIAL: return y;
    case ACTIVATION_TANH: return 1 - y * y;
    case ACTIVATION_SIGMOID: return y * (1 - y);
    case ACTIVATION_SOFTPLUS: return sigmoid(x);
    case ACTIVATION_GELU: return normal(x) + x * exp(-x * x / 2) / sqrt(2 * M_PI);
    case ACTIVATION_SILU: return sigmoid(x) * (1 + x * (1 - sigmoid(x)));
  }
}

void activation_gradient_plain(ActivationFunction function, const float *values, const float *results,
                               const float *gradient, int64_t count, float *output) {
  for (int64_t i = 0; i < count; ++i) output[i] = (float)(gradient[i] * slope(function, values[i], results[i]));
}

void softmax_rows_plain(const float *values, int64_t rows, int64_t columns, float *output) {
  for (int64_t row = 0; row < rows; ++row, values += columns, output += columns) {
    double largest = -INFINITY, sum = 0;
    for (int64_t i = 0; i < columns; ++i) largest = fmax(largest, values[i]);
    for (int64_t i = 0; i < columns; ++i) sum += exp(values[i] - largest);
    for (int64_t i = 0; i < columns; ++i) output[i] = (float)(exp(values[i] - largest) / sum);
  }
}

void softmax_rows_gradient_plain(const float *results, const float *gradient, int64_t rows, int64_t columns,
                                 float *output) {
  for (int64_t row = 0; row < rows; ++row, results += columns, gradient += columns, output += columns) {
    double sum = 0;
    for (int64_t i = 0; i < columns; ++i) sum += (double)results[i] * gradient[i];
    for (int64_t i = 0; i < columns; ++i) output[i] = (float)(results[i] * (gradient[i] - sum));
  }
}

void normalize_rows_plain(const float *values, int64_t rows, int64_t columns, float epsilon, const float *scale,
                          const float *shift, float *mean, float *inverse, float *output) {
  for (int64_t row = 0; row < rows; ++row, values += columns, output += columns) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < columns; ++i) sum += values[i];
    const double center = sum / (double)columns;
    for (int64_t i = 0; i < columns; ++i) squares += (values[i] - center) * (values[i] - center);
    const double factor = 1 / sqrt(squares / (double)columns + epsilon);
    mean[row] = (float)center;
    inverse[row] = (float)factor;
    for (int64_t i = 0; i < columns; ++i) output[i] = (float)((values[i] - center) * factor * scale[i] + shift[i]);
  }
}

void normalize_rows_gradient_plain(const float *values, const float *gradient, int64_t rows, int64_t columns,
                                   const float *mean, const float *inverse, const float *scale, float *output,
                                   float *scale_gradient, float *shift_gradient) {
  for (int64_t row = 0; row < rows; ++row, values += columns, gradient += columns, output += columns) {
    double sum = 0, product = 0;
    for (int64_t i = 0; i < columns; ++i) {
      const double normal = ((double)values[i] - mean[row]) * inverse[row];
      sum += (double)gradient[i] * scale[i];
      product += (double)gradient[i] * scale[i] * normal;
      scale_gradient[i] += (float)(gradient[i] * normal);
      shift_gradient[i] += gradient[i];
    }
    for (int64_t i = 0; i < columns; ++i) {
      const double normal = ((double)values[i] - mean[row]) * inverse[row];
      output[i] = (float)(inverse[row] * ((double)gradient[i] * scale[i] - sum / (double)columns -
                                          normal * product / (double)columns));
    }
  }
}

// The state of the position before, or 0.
static double before(const RecurrentStep *step, const float *states, int64_t place) {
  return step->position > 0 ? states[place - step->rows * step->units] : 0;
}

void lstm_step_plain(const RecurrentStep *step, float *gates, float *cells, float *hidden) {
  const int64_t units = step->units;
  for (int64_t row = step->position * step->rows; row < (step->position + 1) * step->rows; ++row)
    for (int64_t unit = 0; unit < units; ++unit) {
      float *own = gates + row * 4 * units + unit;
      const int64_t place = row * units + unit;
      const double i = sigmoid(own[0]), f = sigmoid(own[units]);
      const double g = tanh(own[2 * units]), o = sigmoid(own[3 * units]);
      const double cell = f * before(step, cells, place) + i * g;
      own[0] = (float)i;
      own[units] = (float)f;
      own[2 * units] = (float)g;
      own[3 * units] = (float)o;
      cells[place] = (float)cell;
      hidden[place] = (float)(o * tanh(cell));
    }
}

void lstm_step_gradient_plain(const RecurrentStep *step, const float *gates, const float *cells,
                              const float *hidden_gradient, float *cell_gradient, float *sum_gradient) {
  const int64_t units = step->units, first = step->position * step->rows;
  for (int64_t row = first; row < first + step->rows; ++row)
    for (int64_t unit = 0; unit < units; ++unit) {
      const int64_t place = row * units + unit, gate = row * 4 * units + unit;
      const double i = gates[gate], f = gates[gate + units], g = gates[gate + 2 * units];
      const double o = gates[gate + 3 * units], squashed = tanh(cells[place]), flow = hidden_gradient[place];
      float *carried = cell_gradient + place - first * units;
      const double cell = *carried + flow * o * (1 - squashed * squashed);
      sum_gradient[gate] = (float)(cell * g * i * (1 - i));
      sum_gradient[gate + units] = (float)(cell * before(step, cells, place) * f * (1 - f));
      sum_gradient[gate + 2 * units] = (float)(cell * i * (1 - g * g));
      sum_gradient[gate + 3 * units] = (float)(flow * squashed * o * (1 - o));
      *carried = (float)(cell * f);
    }
}

void gru_step_plain(const RecurrentStep *step, float *gates, const float *products, float *hidden) {
  const int64_t units = step->units;
  for (int64_t row = step->position * step->rows; row < (step->position + 1) * step->rows; ++row)
    for (int64_t unit = 0; unit < units; ++unit) {
      float *own = gates + row * 3 * units + unit;
      const float *product = products + row * 3 * units + unit;
      const int64_t place = row * units + unit;
      const double r = sigmoid((double)own[0] + product[0]), z = sigmoid((double)own[units] + product[units]);
      const double n = tanh(own[2 * units] + r * product[2 * units]);
      own[0] = (float)r;
      own[units] = (float)z;
      own[2 * units] = (float)n;
      hidden[place] = (float)((1 - z) * n + z * before(step, hidden, place));
    }
}

void gru_step_gradient_plain(const RecurrentStep *step, const float *gates, const float *products, const float *hidden,
                             float *hidden_gradient, float *sum_gradient, float *product_gradient) {
  const int64_t units = step->units;
  for (int64_t row = step->position * step->rows; row < (step->position + 1) * step->rows; ++row)
    for (int64_t unit = 0; unit < units; ++unit) {
      const int64_t gate = row * 3 * units + unit, place = row * units + unit;
      const double r = gates[gate], z = gates[gate + units], n = gates[gate + 2 * units];
      const double flow = hidden_gradient[place], inner = flow * (1 - z) * (1 - n * n);
      const double to_update = flow * (before(step, hidden, place) - n) * z * (1 - z);
      sum_gradient[gate] = product_gradient[gate] = (float)(inner * products[gate + 2 * units] * r * (1 - r));
      sum_gradient[gate + units] = product_gradient[gate + units] = (float)to_update;
      sum_gradient[gate + 2 * units] = (float)inner;
      product_gradient[gate + 2 * units] = (float)(inner * r);
      if (step->position > 0) hidden_gradient[place - step->rows * units] += (float)(flow * z);
    }
}
