#pragma once

// One binary for every CPU: the loader takes the variant that the processor can run.
#if defined(__x86_64__) && defined(__linux__)
#define CPU_DISPATCH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CPU_DISPATCH
#endif

#define INLINE static inline __attribute__((always_inline))
