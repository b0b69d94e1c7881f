/* What a process costs, where the kernel counts the pages that nobody shares. */
#ifndef PMI_RECORD_FOOTPRINT_H
#define PMI_RECORD_FOOTPRINT_H

#include "record.h"

/*
 * Reads the footprint of the process that `record` is about. The system is asked by the pid; so ESRCH if a second
 * reading of the record finds another process there.
 */
pmi_code pmi_footprint_of_record(const pmi_record *record, pmi_footprint *out, pmi_error *error);

/*
 * True if both records, of which `now` is the later, are about one process, whatever became of its memory. A zombie
 * whose start the system does not tell may be any that had its pid: all that is told of it is that it is none any more.
 */
bool pmi_is_same_process(const pmi_record *before, const pmi_record *now);

#endif
