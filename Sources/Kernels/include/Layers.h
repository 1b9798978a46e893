// The inner loops of activations, normalized rows and recurrent layers; part of Kernels.h.

#pragma once

#include <stdint.h>

// Functions of one number.
typedef enum {
  // e^x
  ACTIVATION_EXPONENTIAL,
  // tanh x
  ACTIVATION_TANH,
  // 1 / (1 + e^-x)
  ACTIVATION_SIGMOID,
  // log(1 + e^x)
  ACTIVATION_SOFTPLUS,
  // x * Phi(x), where Phi is the distribution function of the standard normal distribution
  ACTIVATION_GELU,
  // x / (1 + e^-x)
  ACTIVATION_SILU
} ActivationFunction;

// output[i] = f(values[i]). A number has the same bits whatever stands beside it.
void activate(ActivationFunction function, const float *values, int64_t count, float *output);
void activate_plain(ActivationFunction function, const float *values, int64_t count, float *output);

// output[i] = gradient[i] * f'(values[i]); `results` holds f(values[i]).
void activation_gradient(ActivationFunction function, const float *values, const float *results,
                         const float *gradient, int64_t count, float *output);
void activation_gradient_plain(ActivationFunction function, const float *values, const float *results,
                               const float *gradient, int64_t count, float *output);

// The softmax of each row of `columns` numbers; and of its gradient, what it passes back: y * (g - sum(g * y)).
void softmax_rows(const float *values, int64_t rows, int64_t columns, float *output);
void softmax_rows_plain(const float *values, int64_t rows, int64_t columns, float *output);
void softmax_rows_gradient(const float *results, const float *gradient, int64_t rows, int64_t columns, float *output);
void softmax_rows_gradient_plain(const float *results, const float *gradient, int64_t rows, int64_t columns,
                                 float *output);

// output = (values - mean) * inverse * scale + shift of each row, whose mean and 1 / sqrt(variance + epsilon) go to
// `mean` and `inverse`, one per row; the variance is the mean squared distance to the mean.
void normalize_rows(const float *values, int64_t rows, int64_t columns, float epsilon, const float *scale,
                    const float *shift, float *mean, float *inverse, float *output);
void normalize_rows_plain(const float *values, int64_t rows, int64_t columns, float epsilon, const float *scale,
                          const float *shift, float *mean, float *inverse, float *output);

// What normalize_rows passes back: sets `output`, and adds to the gradients of scale and shift, [columns].
void normalize_rows_gradient(const float *values, const float *gradient, int64_t rows, int64_t columns,
                             const float *mean, const float *inverse, const float *scale, float *output,
                             float *scale_gradient, float *shift_gradient);
void normalize_rows_gradient_plain(const float *values, const float *gradient, int64_t rows, int64_t columns,
                                   const float *mean, const float *inverse, const float *scale, float *output,
                                   float *scale_gradient, float *shift_gradient);

// One position of a recurrent layer of `rows` examples. All arrays hold all positions, [position][row][…]; the states
// before the first position are zeros.
typedef struct {
  int64_t rows;
  int64_t units;
  int64_t position;
} RecurrentStep;

// A long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). `gates`
// [position][row][4][unit] holds sums for the input gate i, the forget gate f, the candidate g and the output gate o, and
// then the gates. cells = f * the cells before + i * g; hidden = o * tanh(cells).
void lstm_step(const RecurrentStep *step, float *gates, float *cells, float *hidden);
void lstm_step_plain(const RecurrentStep *step, float *gates, float *cells, float *hidden);

// The gradient of the sums, from that of the hidden states; `cell_gradient`, [row][unit], holds that of the cells, from
// the position behind, and then that of the cells before.
void lstm_step_gradient(const RecurrentStep *step, const float *gates, const float *cells, const float *hidden_gradient,
                        float *cell_gradient, float *sum_gradient);
void lstm_step_gradient_plain(const RecurrentStep *step, const float *gates, const float *cells,
                              const float *hidden_gradient, float *cell_gradient, float *sum_gradient);

// A gated recurrent unit (Cho et al. 2014, with the reset gate behind the product, as cuDNN and PyTorch have it).
// `gates` [position][row][3][unit] holds what the input adds to the reset gate r, the update gate z and the candidate n,
// and then the gates; `products` of the same shape what the states before add. n = tanh(gates_n + r * products_n);
// hidden = (1 - z) * n + z * the hidden states before.
void gru_step(const RecurrentStep *step, float *gates, const float *products, float *hidden);
void gru_step_plain(const RecurrentStep *step, float *gates, const float *products, float *hidden);

// The gradients of what the input added and of `products`, from that of the hidden states. To that of the position
// before is added what flows there other than through `products`.
void gru_step_gradient(const RecurrentStep *step, const float *gates, const float *products, const float *hidden,
                       float *hidden_gradient, float *sum_gradient, float *product_gradient);
void gru_step_gradient_plain(const RecurrentStep *step, const float *gates, const float *products, const float *hidden,
                             float *hidden_gradient, float *sum_gradient, float *product_gradient);
