// The inner loops of a scan that looks for windows with high outputs: approximations in whole numbers of 16 bits, for
// networks of motifs, their maxima, and one hidden layer; part of Kernels.h.

#pragma once

#include <stddef.h>
#include <stdint.h>

// The filters of motif convolutions of one width on both strands, in whole multiples of a step of their own.
typedef struct {
  // [block][group of MOTIF_GROUP taps][k-mer][strand][lane]: what a k-mer adds, the bias in the first group; the first
  // base has the highest place. Aligned to MOTIF_ALIGNMENT bytes. Of each filter what all groups can add is at most
  // INT16_MAX, so that a sum that is too low for 16 bits is surely below 0.
  const int16_t *tables;
  // [block][lane][units]: the weights of the filter in the hidden units of its network, each times the filter's step.
  const float *weights;
  // [block][lane]: the number of the first of those units.
  const int32_t *first_units;
  int32_t blocks;
  int32_t width;
  // The hidden units of a network: 1, 2 or 4 times MOTIF_LANES.
  int32_t units;
  // Those of all networks.
  int32_t all_units;
} MotifScreen;

// Which strand's convolutions count: the larger one of both at each position, or those of one of them.
typedef enum { SCREEN_BOTH_STRANDS, SCREEN_FORWARD, SCREEN_REVERSE } ScreenStrand;

// For each of `windows` windows of `positions` positions, one base apart: what the sums of the hidden units, without their
// biases, change from the window before, or from 0 for the first; `changes` is [windows][all_units]. The features are the
// largest convolutions of a window, at least 0. Unknown bases read as base 0. `codes` holds windows + positions +
// width - 2 codes, and `scratch` motif_screen_scratch_count bytes, aligned to MOTIF_ALIGNMENT.
size_t motif_screen_scratch_count(int64_t windows, int64_t positions, int32_t width);
void motif_screen(const MotifScreen *screen, ScreenStrand strand, const uint8_t *codes, int64_t windows,
                  int64_t positions, void *scratch, float *changes);
void motif_screen_plain(const MotifScreen *screen, ScreenStrand strand, const uint8_t *codes, int64_t windows,
                        int64_t positions, float *changes);

// The last layers of one of the networks: the biases of its hidden units, and the weights, [task][units], of what
// rectifiers make of them.
typedef struct {
  const float *hidden_bias;
  const float *weights;
  int32_t first_unit;
  int32_t units;
  int32_t all_units;
  int32_t tasks;
} ScreenHead;

// output[row][task] += sum over units of weight * max(0, hidden_bias + sum of the changes of rows up to this one).
void screen_outputs(const ScreenHead *head, const float *changes, int64_t rows, float *output);
void screen_outputs_plain(const ScreenHead *head, const float *changes, int64_t rows, float *output);
