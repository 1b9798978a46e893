// The definitions of the fast kernels, in the simplest loops: what they are tested against.

#include "Kernels.h"
#include "tables.h"

#include <float.h>

// The convolution of one filter at one position.
static float convolved(const uint8_t *window, const MotifTables *filters, int32_t lane) {
  const int32_t block = lane / MOTIF_LANES;
  float sum = 0;
  for (int32_t tap = 0; tap < filters->width; ++tap)
    sum += filters->bases[(((size_t)block * filters->width + tap) * 5 + window[tap]) * MOTIF_LANES + lane % MOTIF_LANES];
  return sum;
}

void motif_convolve_plain(const uint8_t *codes, int64_t length, const MotifTables *filters, int32_t first_block,
                          int32_t block_count, float *output) {
  const int32_t lanes = block_count * MOTIF_LANES;
  for (int64_t position = 0; position + filters->width <= length; ++position)
    for (int32_t lane = 0; lane < lanes; ++lane)
      output[position * lanes + lane] = convolved(codes + position, filters, first_block * MOTIF_LANES + lane);
}

void motif_pool_plain(const MotifBatch *batch, const MotifTables *filters, int64_t stride, float *maximum,
                      int32_t *winner, float *mean) {
  for (int64_t i = 0; i < batch->count; ++i)
    for (int32_t filter = 0; filter < filters->filters; ++filter) {
      const int64_t positions = batch->offsets[i + 1] - batch->offsets[i] - filters->width + 1;
      float best = -FLT_MAX, sum = 0, part = 0;
      int64_t at = 0;
      for (int64_t position = 0; position < positions; ++position) {
        const float value = convolved(batch->codes + batch->offsets[i] + position, filters, filter);
        if (value > best) {
          best = value;
          at = position;
        }
        if (value > 0) part += value;
        if ((position + 1) % MOTIF_PART != 0 && position + 1 != positions) continue;
        sum += part;
        part = 0;
      }
      maximum[i * stride + filter] = best > 0 ? best : 0;
      winner[i * filters->filters + filter] = (int32_t)at;
      if (mean) mean[i * stride + filter] = sum / (float)positions;
    }
}

// Adds the one-hot rows of a window, times `flow`, to [tap][base].
static void add_one_hot(const uint8_t *window, int32_t width, float flow, float *gradient) {
  for (int32_t tap = 0; tap < width; ++tap)
    for (int32_t base = 0; base < 4; ++base)
      gradient[tap * 4 + base] += window[tap] == base ? flow : window[tap] == 4 ? 0.25f * flow : 0;
}

void motif_add_winner_gradient_plain(const MotifBatch *batch, int32_t filters, int32_t width, int64_t stride,
                                     const float *maximum, const int32_t *winner, const float *maximum_gradient,
                                     float *gradient, float *bias_gradient) {
  for (int64_t i = 0; i < batch->count; ++i)
    for (int32_t filter = 0; filter < filters; ++filter) {
      if (maximum[i * stride + filter] <= 0) continue;
      const float flow = maximum_gradient[i * stride + filter];
      const uint8_t *window = batch->codes + batch->offsets[i] + winner[i * filters + filter];
      bias_gradient[filter] += flow;
      add_one_hot(window, width, flow, gradient + (size_t)filter * winner_row(width));
    }
}

void motif_add_mean_gradient_plain(const MotifBatch *batch, const MotifTables *filters, int64_t stride,
                                   const float *mean_gradient, float *base_gradient, float *bias_gradient) {
  for (int64_t i = 0; i < batch->count; ++i) {
    const int64_t positions = batch->offsets[i + 1] - batch->offsets[i] - filters->width + 1;
    for (int64_t position = 0; position < positions; ++position)
      for (int32_t filter = 0; filter < filters->filters; ++filter) {
        const uint8_t *window = batch->codes + batch->offsets[i] + position;
        if (convolved(window, filters, filter) <= 0) continue;
        const float flow = mean_gradient[i * stride + filter] / (float)positions;
        bias_gradient[filter] += flow;
        for (int32_t tap = 0; tap < filters->width; ++tap)
          base_gradient[(((size_t)(filter / MOTIF_LANES) * filters->width + tap) * 5 + window[tap]) * MOTIF_LANES +
                        filter % MOTIF_LANES] += flow;
      }
  }
}

static int64_t window_count(const MotifBatch *batch, int32_t width, int32_t window) {
  return batch->count ? (batch->offsets[1] - batch->offsets[0] - width + 1) / window : 0;
}

void motif_pool_windows_plain(const MotifBatch *batch, const MotifTables *filters, int32_t window, int64_t stride,
                              float *maximum, int32_t *winner, float *mean) {
  const int64_t windows = window_count(batch, filters->width, window);
  for (int64_t row = 0; row < batch->count * windows; ++row)
    for (int32_t filter = 0; filter < filters->filters; ++filter) {
      float best = 0, sum = 0;
      int64_t at = -1;
      for (int64_t position = row % windows * window; position < (row % windows + 1) * window; ++position) {
        const float value = convolved(batch->codes + batch->offsets[row / windows] + position, filters, filter);
        if (value <= 0) continue;
        sum += value;
        if (value > best) {
          best = value;
          at = position;
        }
      }
      if (maximum) maximum[row * stride + filter] = best;
      if (maximum) winner[row * filters->filters + filter] = (int32_t)at;
      if (mean) mean[row * stride + filter] = sum / (float)window;
    }
}

void motif_add_window_winner_gradient_plain(const MotifBatch *batch, int32_t filters, int32_t width, int64_t windows,
                                            int64_t stride, const int32_t *winner, const float *maximum_gradient,
                                            float *gradient, float *bias_gradient) {
  for (int64_t row = 0; row < batch->count * windows; ++row)
    for (int32_t filter = 0; filter < filters; ++filter) {
      const int32_t place = winner[row * filters + filter];
      if (place < 0) continue;
      const float flow = maximum_gradient[row * stride + filter];
      const uint8_t *codes = batch->codes + batch->offsets[row / windows] + place;
      bias_gradient[filter] += flow;
      add_one_hot(codes, width, flow, gradient + (size_t)filter * winner_row(width));
    }
}

void motif_add_window_mean_gradient_plain(const MotifBatch *batch, const MotifTables *filters, int32_t window,
                                          int64_t stride, const float *mean_gradient, float *base_gradient,
                                          float *bias_gradient) {
  const int64_t windows = window_count(batch, filters->width, window);
  for (int64_t row = 0; row < batch->count * windows; ++row)
    for (int64_t position = row % windows * window; position < (row % windows + 1) * window; ++position)
      for (int32_t filter = 0; filter < filters->filters; ++filter) {
        const uint8_t *codes = batch->codes + batch->offsets[row / windows] + position;
        if (convolved(codes, filters, filter) <= 0) continue;
        const float flow = mean_gradient[row * stride + filter] / (float)window;
        bias_gradient[filter] += flow;
        for (int32_t tap = 0; tap < filters->width; ++tap)
          base_gradient[(((size_t)(filter / MOTIF_LANES) * filters->width + tap) * 5 + codes[tap]) * MOTIF_LANES +
                        filter % MOTIF_LANES] += flow;
      }
}

void motif_pool_padding_plain(const PaddedWindows *windows, const MotifTables *filters, int64_t stride, float *maximum,
                              float *sum) {
  const int64_t length = windows->length, last = length + windows->padding - filters->width;
  uint8_t codes[filters->width];
  for (int64_t i = 0; i < windows->count; ++i)
    for (int64_t position = -windows->padding; position <= last; ++position) {
      if (position >= 0 && position + filters->width <= length) continue;
      for (int64_t tap = 0; tap < filters->width; ++tap)
        codes[tap] = position + tap >= 0 && position + tap < length ? windows->codes[i + position + tap] : 4;
      for (int32_t filter = 0; filter < filters->filters; ++filter) {
        const float value = convolved(codes, filters, filter);
        const int64_t at = i * stride + filter;
        if (value > maximum[at] || maximum[at] < 0) maximum[at] = value > 0 ? value : 0;
        if (sum && value > 0) sum[at] += value;
      }
    }
}

int64_t motif_sieve_plain(const uint8_t *codes, const uint16_t *kmers, int64_t count, const MotifSieve *sieve,
                          uint32_t *hits) {
  int64_t found = 0;
  for (int64_t position = 0; position < count; ++position)
    for (int32_t lane = 0; lane < SIEVE_LANES && codes[position] != 4; ++lane) {
      int32_t sum = 0;
      for (int32_t group = 0; group < sieve->groups; ++group)
        sum += sieve->lacks[(group * MOTIF_ROWS * SIEVE_LANES) + kmers[position + group * MOTIF_GROUP] + lane];
      if (sum < SIEVE_REJECTED) hits[found++] = (uint32_t)(position * SIEVE_LANES + lane);
    }
  return found;
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

void affine_plain(const Affine *map, const AffineInput *input, int64_t rows, float *output) {
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t column = 0; column < map->outputs; ++column) {
      float sum = map->bias ? map->bias[column] : output[row * map->outputs + column];
      for (int32_t k = 0; k < map->inputs; ++k)
        sum += input->values[row * input->row_step + k * input->step] *
               map->weight[(int64_t)k * map->outputs + column];
      output[row * map->outputs + column] = sum;
    }
}

void multiply_plain(const Strided *left, const Strided *right, const float *start, float *output) {
  const Axis *rows = left->rows, *terms = left->columns;
  const int64_t columns = right->columns[1].count;
  for (int64_t row = 0; row < rows[0].count * rows[1].count; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      float sum = start ? start[column] : output[row * columns + column];
      for (int64_t i = 0; i < terms[0].count; ++i)
        for (int64_t j = 0; j < terms[1].count; ++j)
          sum += left->values[row / rows[1].count * rows[0].step + row % rows[1].count * rows[1].step +
                              i * terms[0].step + j * terms[1].step] *
                 right->values[i * right->rows[0].step + j * right->rows[1].step + column * right->columns[1].step];
      output[row * columns + column] = sum;
    }
}

void add_sparse_product_plain(const SparseRows *left, int64_t rows, const float *right, int64_t right_step,
                              int64_t columns, float *output, int64_t output_step) {
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t i = left->starts[row]; i < left->starts[row + 1]; ++i)
      for (int64_t column = 0; column < columns; ++column)
        output[row * output_step + column] += left->values[i] * right[left->columns[i] * right_step + column];
}

// A filter's steps at a position, at least 0.
static int32_t screened(const MotifScreen *screen, const uint8_t *window, int32_t filter, int32_t strand) {
  const int32_t groups = group_count(screen->width), block = filter / MOTIF_LANES;
  int32_t sum = 0;
  for (int32_t group = 0; group < groups; ++group) {
    int32_t kmer = 0;
    for (int32_t tap = group * MOTIF_GROUP; tap < (group + 1) * MOTIF_GROUP; ++tap)
      kmer = kmer << 2 | (tap < screen->width ? window[tap] & 3 : 0);
    const size_t row = ((size_t)block * groups + group) * MOTIF_ROWS + (size_t)kmer;
    sum += screen->tables[(row * 2 + (size_t)strand) * MOTIF_LANES + filter % MOTIF_LANES];
  }
  return sum > 0 ? sum : 0;
}

void motif_screen_plain(const MotifScreen *screen, ScreenStrand strand, const uint8_t *codes, int64_t windows,
                        int64_t positions, float *changes) {
  for (int64_t i = 0; i < windows * screen->all_units; ++i) changes[i] = 0;
  for (int32_t filter = 0; filter < screen->blocks * MOTIF_LANES; ++filter) {
    int32_t before = 0;
    for (int64_t window = 0; window < windows; ++window) {
      int32_t now = 0;
      for (int64_t position = window; position < window + positions; ++position)
        for (int32_t side = strand == SCREEN_REVERSE; side < (strand == SCREEN_FORWARD ? 1 : 2); ++side) {
          const int32_t value = screened(screen, codes + position, filter, side);
          if (value > now) now = value;
        }
      for (int32_t unit = 0; unit < screen->units; ++unit)
        changes[window * screen->all_units + screen->first_units[filter] + unit] +=
            (float)(now - before) * screen->weights[filter * screen->units + unit];
      before = now;
    }
  }
}

void screen_outputs_plain(const ScreenHead *head, const float *changes, int64_t rows, float *output) {
  for (int64_t row = 0; row < rows; ++row)
    for (int32_t task = 0; task < head->tasks; ++task)
      for (int32_t unit = 0; unit < head->units; ++unit) {
        float hidden = head->hidden_bias[unit];
        for (int64_t earlier = 0; earlier <= row; ++earlier)
          hidden += changes[earlier * head->all_units + head->first_unit + unit];
        if (hidden > 0) output[row * head->tasks + task] += hidden * head->weights[task * head->units + unit];
      }
}
