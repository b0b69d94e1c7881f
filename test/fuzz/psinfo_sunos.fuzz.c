/* /proc/PID/psinfo of Solaris and illumos. */
#include "psinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_psinfo(data, size, 56, 48, 152); }
