// The kernels for x86-64-v4: AVX-512.

#if defined(__x86_64__)

#include "dispatch.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define KERNEL(NAME) NAME##_v4
// Vector registers: how many, and the floats in each.
#define REGISTERS 32
#define VECTOR_FLOATS 16
#include "loops.h"
#pragma clang attribute pop

#endif
