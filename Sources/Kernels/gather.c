#include "Kernels.h"

#include <string.h>

// How many sequences ahead memory is asked for.
#define AHEAD 8

void gather_sequences(const MotifBatch *batch, const intptr_t *indices, int64_t count, uint8_t *output) {
  for (int64_t i = 0; i < count; ++i) {
    if (i + AHEAD < count) {
      const intptr_t next = indices[i + AHEAD];
      for (int64_t at = batch->offsets[next]; at < batch->offsets[next + 1]; at += 64)
        __builtin_prefetch(batch->codes + at);
    }
    const int64_t start = batch->offsets[indices[i]];
    const size_t length = (size_t)(batch->offsets[indices[i] + 1] - start);
    memcpy(output, batch->codes + start, length);
    output += length;
  }
}
