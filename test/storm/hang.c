/*
 * A process that is stuck in the kernel, like one whose network file system does not answer. This program serves a FUSE
 * file system with one file, without a library, and mounts it in its own namespace. A child opens the file and calls
 * exec(), which closes it, and the file system does not answer. Meanwhile the kernel holds the lock of the child's new
 * memory, so readers of its stat and smaps wait, too.
 *
 * Prints the child's pid, and "ready" when it is stuck. A line of input releases it; the end of input ends everything.
 * Needs root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_ID = 2, BUFFER = 135168 };

static int device;
static uint64_t held; /* the request that is left unanswered */

static void die(const char *what) {
  fprintf(stderr, "hang: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void answer(uint64_t unique, int error, const void *body, size_t length) {
  char bytes[512];
  struct fuse_out_header header = {(uint32_t)(sizeof header + length), error, unique};
  memcpy(bytes, &header, sizeof header);
  if (length > 0)
    memcpy(bytes + sizeof header, body, length);
  if (write(device, bytes, header.len) == -1 && errno != ENOENT)
    die("write");
}

static struct fuse_attr attributes(uint64_t id) {
  return (struct fuse_attr){.ino = id, .mode = id == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0644, .nlink = 1};
}

static void serve(const struct fuse_in_header *request) {
  struct fuse_init_out init = {.major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 65536};
  struct fuse_entry_out entry = {.nodeid = FILE_ID, .entry_valid = 60, .attr_valid = 60, .attr = attributes(FILE_ID)};
  struct fuse_attr_out attr = {.attr_valid = 60, .attr = attributes(request->nodeid)};
  struct fuse_open_out opened = {0};
  switch (request->opcode) {
  case FUSE_INIT:
    answer(request->unique, 0, &init, sizeof init);
    break;
  case FUSE_LOOKUP:
    answer(request->unique, 0, &entry, sizeof entry);
    break;
  case FUSE_GETATTR:
    answer(request->unique, 0, &attr, sizeof attr);
    break;
  case FUSE_OPEN:
    answer(request->unique, 0, &opened, sizeof opened);
    break;
  case FUSE_FLUSH:
    held = request->unique;
    puts("ready");
    fflush(stdout);
    break;
  case FUSE_FORGET:
  case FUSE_INTERRUPT:
    break;
  default:
    answer(request->unique, request->opcode == FUSE_RELEASE ? 0 : -ENOSYS, NULL, 0);
  }
}

/* Opens the file and calls exec(). */
static void get_stuck(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (open("/tmp/file", O_RDONLY | O_CLOEXEC) == -1)
    die("open");
  execlp("sleep", "sleep", "1000", (char *)NULL);
  die("exec");
}

static void mount_over_tmp(void) {
  char options[128];
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device == -1)
    die("/dev/fuse");
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0)
    die("unshare");
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
  if (mount("hang", "/tmp", "fuse", MS_NOSUID | MS_NODEV, options) != 0)
    die("mount");
}

int main(void) {
  static char buffer[BUFFER];
  mount_over_tmp();
  pid_t child = fork();
  if (child == -1)
    die("fork");
  if (child == 0)
    get_stuck();
  printf("%d\n", (int)child);

  struct pollfd inputs[] = {{.fd = device, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  for (; poll(inputs, 2, -1) > 0 || errno == EINTR;) {
    if (inputs[0].revents & POLLIN && read(device, buffer, sizeof buffer) > 0)
      serve((const struct fuse_in_header *)buffer);
    if (inputs[1].revents != 0) {
      if (read(STDIN_FILENO, buffer, sizeof buffer) <= 0)
        break;
      answer(held, 0, NULL, 0);
    }
  }
  return 0; /* this ends the file system, which releases all waiting processes */
}
