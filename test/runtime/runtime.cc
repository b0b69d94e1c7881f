/*
 * Uses what scripts/prebuilds/runtime.cc replaces of the C++ library, and is linked with that instead of libc++:
 *
 *   runtime            exits with 0 if all of it does what the standard says
 *   runtime memory     asks for more memory than there is
 *   runtime range      accesses a string beyond its end
 *   runtime virtual    calls a pure virtual function
 *
 * The last three must end in an abort.
 */
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      std::fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                                     \
      std::exit(1);                                                                                                    \
    }                                                                                                                  \
  } while (0)

static int allocated;

/* Those of the C library, counted. */
extern "C" void *__libc_malloc(std::size_t);
extern "C" void __libc_free(void *);
extern "C" void *malloc(std::size_t size) {
  allocated++;
  return __libc_malloc(size);
}
extern "C" void free(void *memory) {
  if (memory != nullptr)
    allocated--;
  __libc_free(memory);
}

static int destroyed;

struct Part {
  virtual ~Part() { destroyed++; }
  virtual int number() = 0;
};

struct Whole : Part {
  int number() override { return 7; }
};

/* Its constructor calls the function while it is still pure virtual. */
struct Early {
  Early() { call(); }
  virtual ~Early() {}
  void call() { later(); }
  virtual void later() = 0;
};

struct Late : Early {
  void later() override {}
};

static void check_memory() {
  char *nothing = new char[0];
  CHECK(nothing != nullptr);
  delete[] nothing;
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 0; i < 100000; i++)
    numbers.push_back(i);
  CHECK(numbers[99999] == 99999);
  std::unique_ptr<Part> part = std::make_unique<Whole>();
  CHECK(part->number() == 7);
  part.reset();
  CHECK(destroyed == 1);
}

static void check_strings() {
  std::string text = "short";
  std::string copy = text;
  for (int i = 0; i < 1000; i++)
    text += " and longer";
  copy.append(text, 5, std::string::npos);
  CHECK(text == copy && text.size() == 5 + 11 * 1000);
  CHECK(text.find("longer") == 10 && text.substr(0, 5) == "short");
  text = std::move(copy);
  text.resize(3);
  text.insert(0, "a ");
  text.reserve(100);
  CHECK(std::strcmp(text.c_str(), "a sho") == 0);
}

static void check_shared_pointers() {
  destroyed = 0;
  int before = allocated;
  std::shared_ptr<Part> first(new Whole);
  std::weak_ptr<Part> weak = first;
  std::shared_ptr<Part> second = first;
  CHECK(first.use_count() == 2);
  first.reset();
  CHECK(destroyed == 0 && !weak.expired());
  second.reset();
  CHECK(destroyed == 1 && weak.expired());
  CHECK(allocated == before + 1); /* the counts, for the weak pointer */
  weak.reset();
  CHECK(allocated == before);
  auto together = std::make_shared<Whole>();
  std::weak_ptr<Whole> other = together;
  together.reset();
  CHECK(destroyed == 2 && other.expired());
  other.reset();
  CHECK(allocated == before);
}

int main(int count, char **arguments) {
  const char *how = count > 1 ? arguments[1] : "";
  if (std::strcmp(how, "memory") == 0) {
    volatile std::size_t size = SIZE_MAX / 2;
    std::printf("%p\n", ::operator new(size));
  } else if (std::strcmp(how, "range") == 0) {
    std::string text = "short";
    volatile std::size_t beyond = 6;
    std::printf("%s\n", text.substr(beyond).c_str());
  } else if (std::strcmp(how, "virtual") == 0) {
    Late late;
  } else {
    int before = allocated;
    check_memory();
    check_strings();
    check_shared_pointers();
    CHECK(allocated == before);
  }
  return 0;
}
