/*
 * Between the core and JavaScript, and the only file that knows Node-API. Each question that the core answers is a
 * struct with a constructor that takes the arguments (already checked by lib/), Ask(), which runs on any thread, and
 * Answer(), which runs on the JavaScript thread; Sync and Async are made of it.
 *
 * Numbers go over as float64: sizes in KiB, NaN for what is not known. A failure is returned, not thrown, as an object
 * {code, syscall, path, osError}, path empty where there is none; lib/errors.js makes an Error of it.
 */
#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <napi.h>

#include "pmi.h"

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/* How many numbers tell of a pmi_memory, and of a pmi_process. lib/shape.js reads them in this order. */
constexpr size_t kMemoryNumbers = 4;
constexpr size_t kProcessNumbers = 3 + kMemoryNumbers;

double Kib(uint64_t bytes) { return static_cast<double>(bytes / 1024); }

double KibIf(bool known, uint64_t bytes) { return known ? Kib(bytes) : kUnknown; }

void Write(const pmi_memory &memory, double *out) {
  out[0] = Kib(memory.working_set);
  out[1] = KibIf((memory.known & PMI_PEAK) != 0, memory.peak_working_set);
  out[2] = KibIf((memory.known & PMI_PRIVATE) != 0, memory.private_bytes);
  out[3] = KibIf((memory.known & PMI_SHARED) != 0, memory.shared_bytes);
}

/*
 * A Float64Array of these numbers. Where the environment is being torn down, as when a worker is terminated while a
 * promise is pending, there may be no array to write to; nobody waits for it then.
 */
Napi::Value Numbers(Napi::Env env, const std::vector<double> &numbers) {
  Napi::Float64Array array = Napi::Float64Array::New(env, numbers.size());
  if (double *data = array.Data())
    std::copy(numbers.begin(), numbers.end(), data);
  return array;
}

Napi::Object Failure(Napi::Env env, const pmi_error &error) {
  Napi::Object failure = Napi::Object::New(env);
  failure.Set("code", pmi_code_name(error.code));
  failure.Set("syscall", error.syscall);
  failure.Set("path", error.path);
  failure.Set("osError", static_cast<double>(error.os_error));
  return failure;
}

uint32_t Pid(const Napi::Value &value) { return value.As<Napi::Number>().Uint32Value(); }

/* -> Float64Array of kMemoryNumbers */
struct Memory {
  explicit Memory(const Napi::CallbackInfo &info) : pid(Pid(info[0])) {}

  pmi_code Ask(pmi_error *error) { return pmi_read_memory(pid, &memory, error); }

  Napi::Value Answer(Napi::Env env) const {
    std::vector<double> numbers(kMemoryNumbers);
    Write(memory, numbers.data());
    return Numbers(env, numbers);
  }

  uint32_t pid;
  pmi_memory memory = {};
};

/* Uint32Array of pids -> {numbers: Float64Array, kMemoryNumbers a pid; failures: failures with their index} */
struct Batch {
  explicit Batch(const Napi::CallbackInfo &info) {
    Napi::Uint32Array array = info[0].As<Napi::Uint32Array>();
    pids.assign(array.Data(), array.Data() + array.ElementLength());
    memories.resize(pids.size());
  }

  pmi_code Ask(pmi_error *) {
    for (size_t i = 0; i < pids.size(); i++) {
      pmi_error error;
      if (pmi_read_memory(pids[i], &memories[i], &error) != PMI_OK)
        failures.push_back({i, error});
    }
    return PMI_OK;
  }

  Napi::Value Answer(Napi::Env env) const {
    std::vector<double> numbers(memories.size() * kMemoryNumbers);
    for (size_t i = 0; i < memories.size(); i++)
      Write(memories[i], numbers.data() + i * kMemoryNumbers);
    Napi::Array failed = Napi::Array::New(env, failures.size());
    for (size_t i = 0; i < failures.size(); i++) {
      Napi::Object failure = Failure(env, failures[i].error);
      failure.Set("index", static_cast<double>(failures[i].index));
      failed[static_cast<uint32_t>(i)] = failure;
    }

    Napi::Object answer = Napi::Object::New(env);
    answer.Set("numbers", Numbers(env, numbers));
    answer.Set("failures", failed);
    return answer;
  }

  struct Failed {
    size_t index;
    pmi_error error;
  };
  std::vector<uint32_t> pids;
  std::vector<pmi_memory> memories;
  std::vector<Failed> failures;
};

/*
 * -> {numbers: Float64Array, kProcessNumbers a process; names: string[]; unreadable: failures with their pid}
 */
struct Tree {
  explicit Tree(const Napi::CallbackInfo &info) : pid(Pid(info[0])) {}
  Tree(const Tree &) = delete;
  Tree &operator=(const Tree &) = delete;
  ~Tree() { pmi_tree_free(&tree); }

  pmi_code Ask(pmi_error *error) { return pmi_read_tree(pid, &tree, error); }

  Napi::Value Answer(Napi::Env env) const {
    std::vector<double> numbers(tree.count * kProcessNumbers);
    Napi::Array names = Napi::Array::New(env, tree.count);
    for (size_t i = 0; i < tree.count; i++) {
      const pmi_process &process = tree.processes[i];
      double *out = numbers.data() + i * kProcessNumbers;
      out[0] = process.pid;
      out[1] = process.ppid;
      out[2] = static_cast<double>(process.creation_time_ms);
      Write(process.memory, out + 3);
      names[static_cast<uint32_t>(i)] = Napi::String::New(env, tree.names + process.name_offset, process.name_length);
    }

    Napi::Array unreadable = Napi::Array::New(env, tree.unreadable_count);
    for (size_t i = 0; i < tree.unreadable_count; i++) {
      Napi::Object failure = Failure(env, tree.unreadable[i].error);
      failure.Set("pid", tree.unreadable[i].pid);
      unreadable[static_cast<uint32_t>(i)] = failure;
    }

    Napi::Object answer = Napi::Object::New(env);
    answer.Set("numbers", Numbers(env, numbers));
    answer.Set("names", names);
    answer.Set("unreadable", unreadable);
    return answer;
  }

  uint32_t pid;
  pmi_tree tree = {};
};

template <typename Question> Napi::Value Sync(const Napi::CallbackInfo &info) {
  Question question(info);
  pmi_error error;
  if (question.Ask(&error) != PMI_OK)
    return Failure(info.Env(), error);
  return question.Answer(info.Env());
}

/* Asks on the thread pool. Deletes itself when done, also where the environment ends before. */
template <typename Question> class Worker : public Napi::AsyncWorker {
public:
  explicit Worker(const Napi::CallbackInfo &info)
      : AsyncWorker(info.Env(), "process-memory-info"), deferred(info.Env()), question(info) {}

  Napi::Value Promise() const { return deferred.Promise(); }

private:
  void Execute() override { code = question.Ask(&error); }

  void OnOK() override { deferred.Resolve(code == PMI_OK ? question.Answer(Env()) : Failure(Env(), error)); }

  Napi::Promise::Deferred deferred;
  Question question;
  pmi_code code = PMI_OK;
  pmi_error error;
};

template <typename Question> Napi::Value Async(const Napi::CallbackInfo &info) {
  auto *worker = new Worker<Question>(info);
  Napi::Value promise = worker->Promise();
  worker->Queue();
  return promise;
}

class Addon : public Napi::Addon<Addon> {
public:
  Addon(Napi::Env env, Napi::Object exports) {
    Napi::Float64Array array = Napi::Float64Array::New(env, kMemoryNumbers);
    numbers = array.Data();
    kept = Napi::Persistent(array.As<Napi::Object>());
    exports.Set("numbers", array);
    DefineAddon(exports, {InstanceMethod<&Addon::ReadMemory>("readMemory")});

    Export<Batch>(exports, "readMemoryBatch", "readMemoryBatchAsync");
    Export<Tree>(exports, "readTree", "readTreeAsync");
    exports.Set("readMemoryAsync", Napi::Function::New(env, Async<Memory>));
  }

private:
  template <typename Question> static void Export(Napi::Object exports, const char *sync, const char *async) {
    exports.Set(sync, Napi::Function::New(exports.Env(), Sync<Question>));
    exports.Set(async, Napi::Function::New(exports.Env(), Async<Question>));
  }

  /* The shortest way for the most frequent question: undefined, with the answer in the shared `numbers`. */
  Napi::Value ReadMemory(const Napi::CallbackInfo &info) {
    pmi_memory memory;
    pmi_error error;
    if (pmi_read_memory(Pid(info[0]), &memory, &error) != PMI_OK)
      return Failure(info.Env(), error);
    Write(memory, numbers);
    return info.Env().Undefined();
  }

  double *numbers;
  Napi::ObjectReference kept; /* so that `numbers` lives as long as the addon */
};

} // namespace

NODE_API_ADDON(Addon)
