// The kernels for x86-64-v3: AVX2.

#if defined(__x86_64__)

#include "dispatch.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define KERNEL(NAME) NAME##_v3
// Vector registers: how many, and the floats in each.
#define REGISTERS 16
#define VECTOR_FLOATS 8
#include "loops.h"
#pragma clang attribute pop

#endif
