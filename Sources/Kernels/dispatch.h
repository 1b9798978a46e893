// How the kernels are compiled for each level of x86-64: loops_LEVEL.c sets the target, names what KERNEL(name) is at
// that level, and includes loops.h.

#pragma once

#include "Kernels.h"

#include <float.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

extern const KernelSet kernels_baseline, kernels_v3, kernels_v4;
