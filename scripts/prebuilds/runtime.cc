/*
 * The parts of a C++ runtime that src/binding.cc needs: a prebuilt binary links this instead of libc++, nine tenths of
 * which would be for exceptions, without which the addon is built. If memory runs out, the process ends, as Node.js
 * does when it cannot allocate its own objects.
 */
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>

#if _LIBCPP_VERSION / 100 != 2101
#error "written for libc++ 21.1, of zig 0.16: compare it with the sources of this version, then name it here"
#endif

void *operator new(std::size_t size) {
  void *memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) {
    std::fputs("process-memory-info: out of memory\n", stderr);
    std::abort();
  }
  return memory;
}
void *operator new[](std::size_t size) { return ::operator new(size); }
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }

extern "C" void __cxa_pure_virtual() { std::abort(); }

_LIBCPP_BEGIN_NAMESPACE_STD

[[noreturn]] void __libcpp_verbose_abort(const char *format, ...) noexcept {
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::abort();
}

template class basic_string<char>;

__shared_count::~__shared_count() {}
__shared_weak_count::~__shared_weak_count() {}
const void *__shared_weak_count::__get_deleter(const type_info &) const noexcept { return nullptr; }

/* The count is the number of weak pointers minus one; all strong pointers together count as one weak pointer. */
void __shared_weak_count::__release_weak() noexcept {
  if (__libcpp_atomic_refcount_decrement(__shared_weak_owners_) == -1)
    __on_zero_shared_weak();
}

_LIBCPP_END_NAMESPACE_STD
