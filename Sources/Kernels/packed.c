#include "Kernels.h"

static int64_t whole(int64_t count, int64_t part) { return (count + part - 1) / part * part; }

// Whole panels, of any level, of whole blocks of terms.
int64_t packed_count(int64_t rows, int64_t columns) {
  return whole(rows, PRODUCT_TERMS) * whole(columns, 2 * MOTIF_LANES);
}
