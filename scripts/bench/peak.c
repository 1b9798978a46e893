// Prints how many rows of 16 floats a second one thread adds up out of the first-level cache: what limits a
// convolution by look-up tables. The rows take 16 kB; eight sums hide the latency of an addition.

#include <stdio.h>
#include <time.h>

typedef float Row __attribute__((vector_size(64)));

enum { ROWS = 256, SUMS = 8, PASSES = 100000, TRIALS = 9 };

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int count, char **arguments) {
  (void)arguments;
  static Row rows[ROWS];
  for (int row = 0; row < ROWS; ++row) rows[row] += (float)(row % 7 * count);  // unknown to the compiler
  Row sums[SUMS] = {};
  double best = 0;
  for (int trial = 0; trial < TRIALS; ++trial) {
    const double start = seconds_now();
    for (int pass = 0; pass < PASSES; ++pass)
      for (int row = 0; row < ROWS; row += SUMS)
        for (int i = 0; i < SUMS; ++i) sums[i] += rows[row + i];
    const double rate = (double)ROWS * PASSES / (seconds_now() - start);
    if (rate > best) best = rate;
  }
  for (int i = 1; i < SUMS; ++i) sums[0] += sums[i];
  printf("%.0f\n", best);
  return sums[0][0] != sums[0][0];  // so that the sums are needed
}
