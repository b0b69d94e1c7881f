/* The subjects of fake.exe, one file each. */
#ifndef SUITES_H
#define SUITES_H

void counters_suite(void);
void rights_suite(void);
void listing_suite(void);
void footprint_suite(void);
void job_suite(void);
void machine_suite(void);
void failures_suite(void);

#endif
