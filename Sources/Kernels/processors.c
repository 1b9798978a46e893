#define _GNU_SOURCE

#include "Kernels.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int available_processor_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

int current_processor(void) {
#if defined(__linux__)
  return sched_getcpu();
#else
  return -1;
#endif
}

void move_from_processor(int processor, int index) {
#if defined(__linux__)
  cpu_set_t allowed, chosen;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  for (int candidate = 0; candidate < CPU_SETSIZE; ++candidate) {
    if (candidate == processor || !CPU_ISSET(candidate, &allowed) || index-- > 0) continue;
    CPU_ZERO(&chosen);
    CPU_SET(candidate, &chosen);
    if (sched_setaffinity(0, sizeof chosen, &chosen) == 0) sched_setaffinity(0, sizeof allowed, &allowed);
    return;
  }
#else
  (void)processor;
  (void)index;
#endif
}

void spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void keep_freed_memory(int64_t bytes) {
#if defined(__GLIBC__)
  // glibc takes no larger threshold for buffers of their own.
  const int64_t largest = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, (int)(bytes < largest ? bytes : largest));
  mallopt(M_TRIM_THRESHOLD, (int)bytes);
#else
  (void)bytes;
#endif
}

void expect_writes(void *address, int64_t bytes) {
#if defined(MADV_HUGEPAGE)
  const uintptr_t page = 2 << 20;
  if (bytes < (int64_t)(4 * page)) return;
  const uintptr_t first = ((uintptr_t)address + page - 1) / page * page;
  const uintptr_t end = ((uintptr_t)address + (uintptr_t)bytes) / page * page;
  madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
  (void)address;
  (void)bytes;
#endif
}
