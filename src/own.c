/* Where nothing is quicker for the caller's own process than for any other. */
#include "pmi.h"

pmi_code pmi_read_own_memory(uint32_t pid, pmi_own *own, pmi_memory *out, pmi_error *error) {
  own->state = PMI_OWN_LONG_WAY;
  return pmi_read_memory(pid, out, error);
}
