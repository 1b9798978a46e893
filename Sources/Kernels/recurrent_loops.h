#pragma once

#include "row_loops.h"

// The states of the position before, or zeros.
INLINE Lanes states_before(const RecurrentStep *step, const float *states, int64_t place, int32_t count) {
  return step->position > 0 ? load_some(count, states + place - step->rows * step->units) : (Lanes){};
}

static void KERNEL(lstm_step)(const RecurrentStep *step, float *gates, float *cells, float *hidden) {
  const int64_t units = step->units, first = step->position * step->rows;
  for (int64_t row = first; row < first + step->rows; ++row)
    for (int64_t unit = 0; unit < units; unit += MOTIF_LANES) {
      const int32_t some = lanes_left(units, unit);
      const int64_t place = row * units + unit;
      float *own = gates + row * 4 * units + unit;
      const Lanes input = logistic(load_some(some, own)), forget = logistic(load_some(some, own + units));
      const Lanes candidate = hyperbolic_tangent(load_some(some, own + 2 * units));
      const Lanes output = logistic(load_some(some, own + 3 * units));
      const Lanes cell = forget * states_before(step, cells, place, some) + input * candidate;
      store_some(some, own, input);
      store_some(some, own + units, forget);
      store_some(some, own + 2 * units, candidate);
      store_some(some, own + 3 * units, output);
      store_some(some, cells + place, cell);
      store_some(some, hidden + place, output * hyperbolic_tangent(cell));
    }
}

static void KERNEL(lstm_step_gradient)(const RecurrentStep *step, const float *gates, const float *cells,
                                       const float *hidden_gradient, float *cell_gradient, float *sum_gradient) {
  const int64_t units = step->units, first = step->position * step->rows;
  for (int64_t row = first; row < first + step->rows; ++row)
    for (int64_t unit = 0; unit < units; unit += MOTIF_LANES) {
      const int32_t some = lanes_left(units, unit);
      const int64_t place = row * units + unit;
      const float *own = gates + row * 4 * units + unit;
      float *target = sum_gradient + row * 4 * units + unit, *carried = cell_gradient + place - first * units;
      const Lanes input = load_some(some, own), forget = load_some(some, own + units);
      const Lanes candidate = load_some(some, own + 2 * units), output = load_some(some, own + 3 * units);
      const Lanes squashed = hyperbolic_tangent(load_some(some, cells + place));
      const Lanes flow = load_some(some, hidden_gradient + place);
      const Lanes cell = load_some(some, carried) + flow * output * (1.0f - squashed * squashed);
      const Lanes before = states_before(step, cells, place, some);
      store_some(some, target, cell * candidate * input * (1.0f - input));
      store_some(some, target + units, cell * before * forget * (1.0f - forget));
      store_some(some, target + 2 * units, cell * input * (1.0f - candidate * candidate));
      store_some(some, target + 3 * units, flow * squashed * output * (1.0f - output));
      store_some(some, carried, cell * forget);
    }
}

static void KERNEL(gru_step)(const RecurrentStep *step, float *gates, const float *products, float *hidden) {
  const int64_t units = step->units, first = step->position * step->rows;
  for (int64_t row = first; row < first + step->rows; ++row)
    for (int64_t unit = 0; unit < units; unit += MOTIF_LANES) {
      const int32_t some = lanes_left(units, unit);
      const int64_t place = row * units + unit;
      float *own = gates + row * 3 * units + unit;
      const float *product = products + row * 3 * units + unit;
      const Lanes reset = logistic(load_some(some, own) + load_some(some, product));
      const Lanes update = logistic(load_some(some, own + units) + load_some(some, product + units));
      const Lanes candidate =
          hyperbolic_tangent(load_some(some, own + 2 * units) + reset * load_some(some, product + 2 * units));
      const Lanes before = states_before(step, hidden, place, some);
      store_some(some, own, reset);
      store_some(some, own + units, update);
      store_some(some, own + 2 * units, candidate);
      store_some(some, hidden + place, (1.0f - update) * candidate + update * before);
    }
}

static void KERNEL(gru_step_gradient)(const RecurrentStep *step, const float *gates, const float *products,
                                      const float *hidden, float *hidden_gradient, float *sum_gradient,
                                      float *product_gradient) {
  const int64_t units = step->units, first = step->position * step->rows;
  for (int64_t row = first; row < first + step->rows; ++row)
    for (int64_t unit = 0; unit < units; unit += MOTIF_LANES) {
      const int32_t some = lanes_left(units, unit);
      const int64_t place = row * units + unit, gate = row * 3 * units + unit;
      const Lanes reset = load_some(some, gates + gate), update = load_some(some, gates + gate + units);
      const Lanes candidate = load_some(some, gates + gate + 2 * units);
      const Lanes flow = load_some(some, hidden_gradient + place);
      const Lanes inner = flow * (1.0f - update) * (1.0f - candidate * candidate);
      const Lanes to_reset = inner * load_some(some, products + gate + 2 * units) * reset * (1.0f - reset);
      const Lanes difference = states_before(step, hidden, place, some) - candidate;
      const Lanes to_update = flow * difference * update * (1.0f - update);
      store_some(some, sum_gradient + gate, to_reset);
      store_some(some, sum_gradient + gate + units, to_update);
      store_some(some, sum_gradient + gate + 2 * units, inner);
      store_some(some, product_gradient + gate, to_reset);
      store_some(some, product_gradient + gate + units, to_update);
      store_some(some, product_gradient + gate + 2 * units, inner * reset);
      if (step->position == 0) continue;
      float *before = hidden_gradient + place - step->rows * units;
      store_some(some, before, load_some(some, before) + flow * update);
    }
}
