/*
 * The functions of a C library that the core, the harness and the tests call, since the kernels run without one. Simple
 * rather than fast. Each block of memory is its own mapping, so that accesses to freed memory fail.
 */
#include "calls.h"

#include <sys/types.h>

#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <stdio.h>

enum { PAGE = 4096 };

/* The processor overwrites rcx and r11. The seventh argument, of mmap() on OpenBSD and NetBSD, is on the stack. */
__asm__(".globl system_call\n"
        "system_call:\n"
        "  mov %rdi, %rax\n"
        "  mov %rsi, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  mov %rcx, %rdx\n"
        "  mov %r8, %r10\n"
        "  mov %r9, %r8\n"
        "  mov 8(%rsp), %r9\n"
        "  syscall\n"
        "  jc 1f\n"
        "  ret\n"
        "1: neg %rax\n"
        "  ret\n");

static int last_errno;

int *errno_place(void) { return &last_errno; }

long call(int number, long a, long b, long c, long d, long e, long f) {
  long result = system_call(number, a, b, c, d, e, f);
  if (result >= 0 || result < -4095)
    return result;
  last_errno = (int)-result;
  return -1;
}

/* ---- System calls ---- */

void _exit(int status) {
  for (;;)
    call(calls.exit, status, 0, 0, 0, 0, 0);
}

pid_t fork(void) { return (pid_t)call(calls.fork, 0, 0, 0, 0, 0, 0); }
pid_t getpid(void) { return (pid_t)call(calls.getpid, 0, 0, 0, 0, 0, 0); }
int kill(pid_t pid, int signal) { return (int)call(calls.kill, pid, signal, 0, 0, 0, 0); }
int dup2(int from, int to) { return (int)call(calls.dup2, from, to, 0, 0, 0, 0); }
int open(const char *path, int flags, ...) { return (int)call(calls.open, (long)path, flags, 0, 0, 0, 0); }
int setuid(uid_t uid) { return (int)call(calls.setuid, uid, 0, 0, 0, 0, 0); }
int setgid(gid_t gid) { return (int)call(calls.setgid, gid, 0, 0, 0, 0, 0); }

ssize_t write(int fd, const void *bytes, size_t size) {
  return (ssize_t)call(calls.write, fd, (long)bytes, (long)size, 0, 0, 0);
}

pid_t waitpid(pid_t pid, int *status, int options) {
  return (pid_t)call(calls.wait4, pid, (long)status, options, 0, 0, 0);
}

int execve(const char *path, char *const *arguments, char *const *environment) {
  return (int)call(calls.execve, (long)path, (long)arguments, (long)environment, 0, 0, 0);
}

int nanosleep(const struct timespec *wanted, struct timespec *rest) {
  return (int)call(calls.nanosleep, (long)wanted, (long)rest, 0, 0, 0, 0);
}

bool set_clock(long seconds) {
  struct timeval now = {.tv_sec = seconds};
  return call(calls.settimeofday, (long)&now, 0, 0, 0, 0, 0) == 0;
}

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
  return (void *)call(calls.mmap, (long)at, (long)size, protection, flags, fd, (long)offset);
}

int munmap(void *at, size_t size) { return (int)call(calls.munmap, (long)at, (long)size, 0, 0, 0, 0); }

int getpagesize(void) { return PAGE; }

void power_off(void) {
  for (;;)
    call(calls.reboot, calls.power_off, 0, 0, 0, 0, 0);
}

/* ---- Memory ---- */

typedef struct block {
  size_t size;   /* as requested */
  size_t mapped; /* including this header */
} block;

void *malloc(size_t size) {
  if (size > SIZE_MAX / 2)
    return NULL;
  size_t mapped = (size + sizeof(block) + PAGE - 1) / PAGE * PAGE;
  block *made = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_ANON | MAP_PRIVATE, -1, 0);
  if (made == MAP_FAILED)
    return NULL;
  *made = (block){.size = size, .mapped = mapped};
  return made + 1;
}

void free(void *memory) {
  if (memory == NULL)
    return;
  block *freed = (block *)memory - 1;
  munmap(freed, freed->mapped);
}

void *calloc(size_t count, size_t size) { return size != 0 && count > SIZE_MAX / size ? NULL : malloc(count * size); }

void *realloc(void *memory, size_t size) {
  void *made = malloc(size);
  if (memory == NULL || made == NULL)
    return made;
  size_t had = ((block *)memory - 1)->size;
  memcpy(made, memory, had < size ? had : size);
  free(memory);
  return made;
}

/* ---- Bytes and strings ---- */

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  for (size_t i = 0; i < size; i++)
    ((char *)to)[i] = ((const char *)from)[i];
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  if ((uintptr_t)to <= (uintptr_t)from)
    return memcpy(to, from, size);
  for (size_t i = size; i-- > 0;)
    ((char *)to)[i] = ((const char *)from)[i];
  return to;
}

void *memset(void *to, int value, size_t size) {
  for (size_t i = 0; i < size; i++)
    ((char *)to)[i] = (char)value;
  return to;
}

int memcmp(const void *left, const void *right, size_t size) {
  const unsigned char *a = left;
  const unsigned char *b = right;
  for (size_t i = 0; i < size; i++)
    if (a[i] != b[i])
      return a[i] - b[i];
  return 0;
}

void *memchr(const void *bytes, int wanted, size_t size) {
  for (const unsigned char *at = bytes; size > 0; at++, size--)
    if (*at == (unsigned char)wanted)
      return (void *)(uintptr_t)at;
  return NULL;
}

size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != '\0')
    length++;
  return length;
}

int strcmp(const char *left, const char *right) {
  for (; *left != '\0' && *left == *right; left++)
    right++;
  return (unsigned char)*left - (unsigned char)*right;
}

static void swap(char *left, char *right, size_t size) {
  for (size_t i = 0; i < size; i++) {
    char kept = left[i];
    left[i] = right[i];
    right[i] = kept;
  }
}

/* Insertion sort: no list here has more than a few hundred items. */
void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  char *first = items;
  for (size_t i = 1; i < count; i++)
    for (size_t j = i; j > 0 && compare(first + (j - 1) * size, first + j * size) > 0; j--)
      swap(first + (j - 1) * size, first + j * size, size);
}

/* ---- Printing ---- */

enum { LINE = 1024, DIGITS = 24 };

typedef struct line {
  char text[LINE];
  size_t length;
} line;

static void put(line *out, char letter) {
  if (out->length < LINE)
    out->text[out->length++] = letter;
}

static void put_number(line *out, unsigned long long value, unsigned int base, int width, char fill) {
  char digits[DIGITS];
  int count = 0;
  do
    digits[count++] = "0123456789abcdef"[value % base];
  while ((value /= base) != 0);
  for (int i = count; i < width; i++)
    put(out, fill);
  while (count > 0)
    put(out, digits[--count]);
}

/* Prints a conversion, after its %, and returns the rest of the format. */
static const char *convert(line *out, const char *format, va_list *values) {
  char fill = *format == '0' ? '0' : ' ';
  int width = 0;
  bool is_long = false;
  for (; *format >= '0' && *format <= '9'; format++)
    width = width * 10 + (*format - '0');
  for (; *format == 'l' || *format == 'z'; format++)
    is_long = true;
  if (*format == 's') {
    for (const char *text = va_arg(*values, const char *); *text != '\0'; text++)
      put(out, *text);
  } else if (*format == 'c') {
    put(out, (char)va_arg(*values, int));
  } else if (*format == 'd') {
    long value = is_long ? va_arg(*values, long) : va_arg(*values, int);
    if (value < 0)
      put(out, '-');
    put_number(out, value < 0 ? 0 - (unsigned long)value : (unsigned long)value, 10, width, fill);
  } else if (*format == 'u' || *format == 'x') {
    unsigned long value = is_long ? va_arg(*values, unsigned long) : va_arg(*values, unsigned int);
    put_number(out, value, *format == 'u' ? 10 : 16, width, fill);
  } else {
    put(out, *format);
  }
  return format + 1;
}

int printf(const char *format, ...) {
  line out = {.length = 0};
  va_list values;
  va_start(values, format);
  while (*format != '\0')
    if (*format == '%')
      format = convert(&out, format + 1, &values);
    else
      put(&out, *format++);
  va_end(values);
  return (int)write(STDOUT_FILENO, out.text, out.length);
}
