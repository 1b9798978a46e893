// The kernels for any processor.

#include "dispatch.h"

#define KERNEL(NAME) NAME##_baseline
#include "loops.h"
