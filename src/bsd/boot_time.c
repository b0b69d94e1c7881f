/* Where the start of a process is counted from the boot, and moves as the clock is set: FreeBSD and OpenBSD. */
#include "sysctl.h"

#include <sys/sysctl.h>
#include <sys/time.h>

uint64_t pmi_boot_time_us(void) {
  const int name[] = {CTL_KERN, KERN_BOOTTIME};
  struct timeval booted;
  pmi_error error;
  if (pmi_sysctl(name, 2, &booted, sizeof booted, &error) != PMI_OK)
    return 0;
  return pmi_bytes_of(booted.tv_sec, 1000000) + pmi_bytes_of(booted.tv_usec, 1);
}
