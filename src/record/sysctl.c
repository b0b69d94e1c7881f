/* See sysctl.h. */
#include "sysctl.h"

#include <sys/sysctl.h>
#include <sys/time.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAME = 8, MAX_ATTEMPTS = 16, MAX_ANSWER = 4096 };

const char pmi_list_call[] = "sysctl";

/* ENOENT means that the kernel lacks the name; it is not about the process. */
static pmi_code fail(pmi_error *error, int os_error) {
  if (os_error == ENOENT)
    return pmi_fail(error, PMI_ENOSYS, os_error, pmi_list_call, NULL);
  return pmi_fail_errno(error, os_error, pmi_list_call, NULL);
}

pmi_code pmi_sysctl(const int *mib, unsigned int length, void *out, size_t size, size_t least, pmi_error *error) {
  unsigned char answer[MAX_ANSWER]; /* with room for newer kernels' longer structures: too little is an error */
  size_t got = sizeof answer;
  if (sysctl(mib, length, answer, &got, NULL, 0) != 0)
    return fail(error, errno);
  if (got == 0)
    return pmi_fail(error, PMI_ESRCH, 0, pmi_list_call, NULL);
  if (got < least)
    return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
  memset(out, 0, size);
  memcpy(out, answer, got < size ? got : size);
  return PMI_OK;
}

pmi_code pmi_sysctl_read_list(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_list *list,
                              pmi_error *error) {
  int name[MAX_NAME];
  memcpy(name, mib, length * sizeof *mib);
  for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    size_t wanted = 0;
    if (item_size != 0) {
      name[length - 2] = (int)item_size;
      name[length - 1] = 0;
    }
    if (sysctl(name, length, NULL, &wanted, NULL, 0) != 0)
      return fail(error, errno);
    /* An eighth more for processes that start meanwhile, and always more than the last attempt. */
    if (wanted > SIZE_MAX / 2)
      return pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
    wanted += wanted / 8;
    if (wanted <= list->capacity)
      wanted = list->capacity + 1;
    if (!pmi_renew(&list->bytes, &list->capacity, wanted, 1))
      return pmi_fail_nomem(error);
    if (item_size != 0)
      name[length - 1] = list->capacity / item_size > INT_MAX ? INT_MAX : (int)(list->capacity / item_size);
    list->length = list->capacity;
    if (sysctl(name, length, list->bytes, &list->length, NULL, 0) == 0)
      return PMI_OK;
    if (errno != ENOMEM)
      return fail(error, errno);
  }
  return pmi_fail(error, PMI_EIO, ENOMEM, pmi_list_call, NULL);
}

pmi_code pmi_sysctl_read_records(const int *mib, unsigned int length, size_t item_size, pmi_sysctl_add add_all,
                                 pmi_records *out, pmi_error *error) {
  pmi_sysctl_list list = {0};
  pmi_code code = pmi_sysctl_read_list(mib, length, item_size, &list, error);
  if (code == PMI_OK && item_size != 0 && list.length % item_size != 0)
    code = pmi_fail(error, PMI_EIO, 0, pmi_list_call, NULL);
  if (code == PMI_OK)
    code = add_all(&list, out, error);
  free(list.bytes);
  return code;
}

uint64_t pmi_sysctl_boot_time_us(void) {
  const int name[] = {CTL_KERN, KERN_BOOTTIME};
  struct timeval booted = {0};
  pmi_error error;
  if (pmi_sysctl(name, 2, &booted, sizeof booted, sizeof booted, &error) != PMI_OK)
    return 0;
  return pmi_scale(booted.tv_sec, 1000000) + pmi_scale(booted.tv_usec, 1);
}
