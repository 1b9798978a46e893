// The kernels for any processor.

#include "dispatch.h"

#define KERNEL(NAME) NAME##_baseline
// Vector registers: how many, and the floats in each.
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#define VECTOR_FLOATS 4
#include "loops.h"
