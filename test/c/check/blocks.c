/* See blocks.h. */
#include "blocks.h"
#include "check.h"

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static int live;
static int to_fail;
static bool failed;

void blocks_count_from_here(void) { live = 0; }

int blocks_live(void) { return live; }

void blocks_fail(int which) {
  to_fail = which;
  failed = false;
}

bool blocks_failed(void) { return failed; }

static bool fails(void) {
  if (to_fail == 0 || --to_fail > 0)
    return false;
  failed = true;
  return true;
}

static void *counted(void *block) {
  live += block != NULL;
  return block;
}

void *__wrap_malloc(size_t size) { return fails() ? NULL : counted(__real_malloc(size)); }

void *__wrap_calloc(size_t count, size_t size) { return fails() ? NULL : counted(__real_calloc(count, size)); }

void *__wrap_realloc(void *block, size_t size) {
  if (fails())
    return NULL;
  return block == NULL ? counted(__real_realloc(NULL, size)) : __real_realloc(block, size);
}

void __wrap_free(void *block) {
  live -= block != NULL;
  __real_free(block);
}

int blocks_exhaust(void (*begin)(void), pmi_code (*question)(void), void (*end)(void)) {
  int all = 0;
  for (int which = 1;; which++) {
    begin();
    blocks_fail(which);
    pmi_code code = question();
    bool failure = blocks_failed();
    blocks_fail(0);
    end();
    CHECK_SAME(code, failure ? PMI_ENOMEM : PMI_OK);
    if (!failure)
      return all;
    CHECK(which < 10000);
    all++;
  }
}
