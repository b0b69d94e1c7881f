/* /proc/PID/psinfo of AIX. */
#include "psinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) { return fuzz_psinfo(data, size, 104, 96, 184); }
