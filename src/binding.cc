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
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <napi.h>

#include "command.h"
#include "detached.h"
#include "pmi.h"

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/* Where each number of a pmi_memory stands, and of a pmi_process; lib/ learns it from Layout(). */
enum MemoryNumber : size_t { kWorkingSet, kPeak, kPrivate, kShared, kMemoryNumbers };
enum ProcessNumber : size_t { kPid = kMemoryNumbers, kPpid, kCreationTime, kAlive, kProcessNumbers };

double Kib(uint64_t bytes) { return static_cast<double>(bytes / 1024); }

double KibIf(bool known, uint64_t bytes) { return known ? Kib(bytes) : kUnknown; }

void Write(const pmi_memory &memory, double *out) {
  out[kWorkingSet] = Kib(memory.working_set);
  out[kPeak] = KibIf((memory.known & PMI_PEAK) != 0, memory.peak_working_set);
  out[kPrivate] = KibIf((memory.known & PMI_PRIVATE) != 0, memory.private_bytes);
  out[kShared] = KibIf((memory.known & PMI_SHARED) != 0, memory.shared_bytes);
}

void Write(const pmi_process &process, double *out) {
  Write(process.memory, out);
  out[kPid] = process.pid;
  out[kPpid] = process.ppid;
  out[kCreationTime] = static_cast<double>(process.creation_time_ms);
  out[kAlive] = process.alive ? 1 : 0;
}

/*
 * Gives an object a property of its own, and an array an element. False where the environment is ending, as when a
 * worker is terminated: then all that follows would fail, too. Napi's own functions would make an Error each time.
 */
template <typename Value> bool Put(Napi::Object object, const char *name, const Value &value) {
  Napi::Value converted = Napi::Value::From(object.Env(), value);
  const auto plain = static_cast<napi_property_attributes>(napi_writable | napi_enumerable | napi_configurable);
  const napi_property_descriptor property = {name, nullptr, nullptr, nullptr, nullptr, converted, plain, nullptr};
  return napi_define_properties(object.Env(), object, 1, &property) == napi_ok;
}

bool PutAt(Napi::Array array, size_t index, const Napi::Value &value) {
  return napi_set_element(array.Env(), array, static_cast<uint32_t>(index), value) == napi_ok;
}

Napi::Object Layout(Napi::Env env) {
  Napi::Object layout = Napi::Object::New(env);
  const auto put = [&layout](const char *name, size_t value) { Put(layout, name, static_cast<double>(value)); };
  put("workingSetSize", kWorkingSet);
  put("peakWorkingSetSize", kPeak);
  put("privateBytes", kPrivate);
  put("sharedBytes", kShared);
  put("memoryNumbers", kMemoryNumbers);
  put("pid", kPid);
  put("ppid", kPpid);
  put("creationTime", kCreationTime);
  put("alive", kAlive);
  put("processNumbers", kProcessNumbers);
  return layout;
}

/*
 * A Float64Array of `count` numbers, that `fill` writes. Where the environment is being torn down, as when a worker is
 * terminated while a promise is pending, there may be no array to write to; nobody waits for it then.
 */
template <typename Fill> Napi::Value Numbers(Napi::Env env, size_t count, Fill fill) {
  Napi::Float64Array array = Napi::Float64Array::New(env, count);
  if (double *data = array.Data())
    fill(data);
  return array;
}

/* An array that grows as the core's do: what runs out of memory says so, instead of ending the process. */
template <typename Item> struct Items {
  Items() = default;
  Items(const Items &) = delete;
  Items &operator=(const Items &) = delete;
  ~Items() { std::free(items); }
  bool Reserve(size_t needed) { return pmi_grow(&items, &capacity, needed, sizeof(Item)); }

  Item *items = nullptr;
  size_t count = 0;
  size_t capacity = 0;
};

/* Sizes in KiB, counts as they are. */
void PutAll(Napi::Object object, const pmi_values &values) {
  for (size_t i = 0; i < values.count; i++) {
    const pmi_value &item = values.items[i];
    Put(object, item.name, item.unit == PMI_BYTES ? Kib(item.value) : static_cast<double>(item.value));
  }
}

Napi::Object Failure(Napi::Env env, const pmi_error &error) {
  Napi::Object failure = Napi::Object::New(env);
  Put(failure, "code", pmi_code_name(error.code));
  Put(failure, "syscall", error.syscall);
  Put(failure, "path", error.path);
  Put(failure, "osError", static_cast<double>(error.os_error));
  return failure;
}

uint32_t Pid(const Napi::Value &value) { return value.As<Napi::Number>().Uint32Value(); }

/* How JavaScript holds a process open; questions that are still being asked keep it so, whoever closes it meanwhile. */
using SharedHandle = std::shared_ptr<const pmi_handle>;

/* Whom a question is about: a pid, or a process that is held open. */
struct PidTarget {
  explicit PidTarget(const Napi::CallbackInfo &info) : pid(Pid(info[0])) {}
  pmi_code Read(pmi_memory *out, pmi_error *error) const { return pmi_read_memory(pid, out, error); }
  pmi_code Read(pmi_values *out, pmi_error *error) const { return pmi_read_counters(pid, out, error); }
  pmi_code Read(pmi_footprint *out, pmi_error *error) const { return pmi_read_footprint(pid, out, error); }
  pmi_code Read(uint32_t options, pmi_tree *out, pmi_error *error) const {
    return pmi_read_tree(pid, options, out, error);
  }
  uint32_t pid;
};

struct HandleTarget {
  explicit HandleTarget(const Napi::CallbackInfo &info) : handle(*info[0].As<Napi::External<SharedHandle>>().Data()) {}
  pmi_code Read(pmi_memory *out, pmi_error *error) const { return pmi_handle_read_memory(handle.get(), out, error); }
  pmi_code Read(pmi_values *out, pmi_error *error) const { return pmi_handle_read_counters(handle.get(), out, error); }
  pmi_code Read(pmi_footprint *out, pmi_error *error) const {
    return pmi_handle_read_footprint(handle.get(), out, error);
  }
  pmi_code Read(uint32_t options, pmi_tree *out, pmi_error *error) const {
    return pmi_handle_read_tree(handle.get(), options, out, error);
  }
  SharedHandle handle;
};

/* -> Float64Array of kMemoryNumbers */
template <typename Target> struct Memory {
  explicit Memory(const Napi::CallbackInfo &info) : target(info) {}
  pmi_code Ask(pmi_error *error) { return target.Read(&memory, error); }
  Napi::Value Answer(Napi::Env env) const {
    return Numbers(env, kMemoryNumbers, [this](double *out) { Write(memory, out); });
  }
  Target target;
  pmi_memory memory = {};
};

/* -> an object of numbers by their names */
template <typename Target> struct Counters {
  explicit Counters(const Napi::CallbackInfo &info) : target(info) {}
  pmi_code Ask(pmi_error *error) { return target.Read(&counters, error); }
  Napi::Value Answer(Napi::Env env) const {
    Napi::Object answer = Napi::Object::New(env);
    PutAll(answer, counters);
    return answer;
  }
  Target target;
  pmi_values counters = {};
};

Napi::Object FootprintObject(Napi::Env env, const pmi_footprint &footprint) {
  Napi::Object answer = Napi::Object::New(env);
  PutAll(answer, footprint.values);
  Put(answer, "method", footprint.method);
  return answer;
}

/* -> an object of numbers by their names, and `method` */
template <typename Target> struct Footprint {
  explicit Footprint(const Napi::CallbackInfo &info) : target(info) {}
  pmi_code Ask(pmi_error *error) { return target.Read(&footprint, error); }
  Napi::Value Answer(Napi::Env env) const { return FootprintObject(env, footprint); }
  Target target;
  pmi_footprint footprint = {};
};

/* -> an object of numbers by their names */
struct System {
  explicit System(const Napi::CallbackInfo &) {}
  pmi_code Ask(pmi_error *error) { return pmi_read_system(&system, error); }
  Napi::Value Answer(Napi::Env env) const {
    Napi::Object answer = Napi::Object::New(env);
    PutAll(answer, system);
    return answer;
  }
  pmi_values system = {};
};

/* -> an object of numbers by their names, `source` and `complete`; or null where nothing limits */
struct Limit {
  explicit Limit(const Napi::CallbackInfo &info) : pid(Pid(info[0])) {}
  pmi_code Ask(pmi_error *error) { return pmi_read_limit(pid, &limit, error); }
  Napi::Value Answer(Napi::Env env) const {
    if (limit.values.count == 0)
      return env.Null();
    Napi::Object answer = Napi::Object::New(env);
    PutAll(answer, limit.values);
    if (limit.source[0] != '\0')
      Put(answer, "source", limit.source);
    Put(answer, "complete", limit.complete);
    return answer;
  }
  uint32_t pid;
  pmi_limit limit = {};
};

/* -> {handle, creationTime} */
struct Open {
  explicit Open(const Napi::CallbackInfo &info) : pid(Pid(info[0])) {}
  pmi_code Ask(pmi_error *error) {
    pmi_handle *opened = nullptr;
    pmi_code code = pmi_open_handle(pid, &opened, error);
    if (code == PMI_OK)
      handle = SharedHandle(opened, [opened](const pmi_handle *) { pmi_close_handle(opened); });
    return code;
  }
  Napi::Value Answer(Napi::Env env) const {
    auto *shared = new SharedHandle(handle);
    auto external = Napi::External<SharedHandle>::New(env, shared, [](Napi::Env, SharedHandle *data) { delete data; });
    if (external.IsEmpty()) /* as in Numbers(); and then nobody else deletes it */
      delete shared;
    Napi::Object answer = Napi::Object::New(env);
    Put(answer, "handle", external);
    Put(answer, "creationTime", static_cast<double>(pmi_handle_creation_time_ms(handle.get())));
    return answer;
  }
  uint32_t pid;
  SharedHandle handle;
};

/* -> boolean */
struct IsAlive {
  explicit IsAlive(const Napi::CallbackInfo &info) : target(info) {}
  pmi_code Ask(pmi_error *error) { return pmi_handle_is_alive(target.handle.get(), &alive, error); }
  Napi::Value Answer(Napi::Env env) const { return Napi::Boolean::New(env, alive); }
  HandleTarget target;
  bool alive = false;
};

/* Lets go of a handle. It is closed when no question is being asked of it any more. */
void Close(const Napi::CallbackInfo &info) { info[0].As<Napi::External<SharedHandle>>().Data()->reset(); }

/* (argv, cgroup.procs file or "") -> {pid, handedDown} */
struct StartCommand {
  explicit StartCommand(const Napi::CallbackInfo &info) : group(info[1].As<Napi::String>()) {
    Napi::Array array = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); i++)
      argv.push_back(array.Get(i).As<Napi::String>());
  }
  pmi_code Ask(pmi_error *error) {
    std::vector<char *> pointers;
    for (std::string &argument : argv)
      pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    return pmi_start_command(pointers.data(), group.empty() ? nullptr : group.c_str(), &pid, &handed_down, error);
  }
  Napi::Value Answer(Napi::Env env) const {
    Napi::Object answer = Napi::Object::New(env);
    Put(answer, "pid", pid);
    Put(answer, "handedDown", Kib(handed_down));
    return answer;
  }
  std::vector<std::string> argv;
  std::string group;
  uint32_t pid = 0;
  uint64_t handed_down = 0;
};

/* -> {pid, exitCode, signal, peakWorkingSetSize} of a child that has ended, or null; `signal` is 0 if it exited */
struct ReapChild {
  explicit ReapChild(const Napi::CallbackInfo &) {}
  pmi_code Ask(pmi_error *error) { return pmi_reap_child(&ended, error); }
  Napi::Value Answer(Napi::Env env) const {
    if (ended.pid == 0)
      return env.Null();
    Napi::Object answer = Napi::Object::New(env);
    Put(answer, "pid", ended.pid);
    Put(answer, "exitCode", ended.exit_code);
    Put(answer, "signal", ended.signal);
    Put(answer, "peakWorkingSetSize", Kib(ended.peak_working_set));
    return answer;
  }
  pmi_ended ended = {};
};

void DieBy(const Napi::CallbackInfo &info) { pmi_die_by(info[0].As<Napi::Number>().Int32Value()); }

/* Uint32Array of pids -> {numbers: Float64Array, kMemoryNumbers a pid; failures: failures with their index} */
struct Batch {
  explicit Batch(const Napi::CallbackInfo &info) {
    Napi::Uint32Array array = info[0].As<Napi::Uint32Array>();
    complete = pids.Reserve(array.ElementLength()) && memories.Reserve(array.ElementLength());
    if (!complete)
      return;
    pids.count = array.ElementLength();
    std::copy_n(array.Data(), pids.count, pids.items);
  }

  Batch(const Batch &) = delete;
  Batch &operator=(const Batch &) = delete;
  ~Batch() { std::free(failures.items); }

  pmi_code Ask(pmi_error *error) {
    return complete ? pmi_read_memories(pids.items, pids.count, memories.items, &failures, error)
                    : pmi_fail_nomem(error);
  }

  Napi::Value Answer(Napi::Env env) const {
    Napi::Array failed = Napi::Array::New(env, failures.count);
    for (size_t i = 0; i < failures.count; i++) {
      Napi::Object failure = Failure(env, failures.items[i].error);
      Put(failure, "index", static_cast<double>(failures.items[i].index));
      if (!PutAt(failed, i, failure))
        return {};
    }

    Napi::Object answer = Napi::Object::New(env);
    Put(answer, "numbers", Numbers(env, pids.count * kMemoryNumbers, [this](double *out) {
          for (size_t i = 0; i < pids.count; i++)
            Write(memories.items[i], out + i * kMemoryNumbers);
        }));
    Put(answer, "failures", failed);
    return answer;
  }

  Items<uint32_t> pids;
  Items<pmi_memory> memories;
  pmi_failures failures = {};
  bool complete = true;
};

/*
 * {numbers: Float64Array, kProcessNumbers a process; names: string[]; footprints: objects as Footprint answers, `code`
 * of the refusal added to those that are estimates; unreadable: failures with their pid}
 */
Napi::Object TreeObject(Napi::Env env, const pmi_tree &tree) {
  Napi::Array names = Napi::Array::New(env, tree.count);
  Napi::Array footprints = Napi::Array::New(env);
  for (size_t i = 0; i < tree.count; i++) {
    const pmi_process &process = tree.processes[i];
    if (!PutAt(names, i, Napi::String::New(env, tree.names + process.name_offset, process.name_length)))
      return {};
    if (const pmi_footprint *read = pmi_tree_footprint(&tree, &process)) {
      Napi::Object footprint = FootprintObject(env, *read);
      if (process.footprint_code != PMI_OK)
        Put(footprint, "code", pmi_code_name(process.footprint_code));
      if (process.shares_memory_with != 0)
        Put(footprint, "sharesMemoryWith", process.shares_memory_with);
      if (!PutAt(footprints, i, footprint))
        return {};
    }
  }

  Napi::Array unreadable = Napi::Array::New(env, tree.unreadable_count);
  for (size_t i = 0; i < tree.unreadable_count; i++) {
    Napi::Object failure = Failure(env, tree.unreadable[i].error);
    Put(failure, "pid", tree.unreadable[i].pid);
    if (!PutAt(unreadable, i, failure))
      return {};
  }

  Napi::Object answer = Napi::Object::New(env);
  Put(answer, "numbers", Numbers(env, tree.count * kProcessNumbers, [&tree](double *out) {
        for (size_t i = 0; i < tree.count; i++)
          Write(tree.processes[i], out + i * kProcessNumbers);
      }));
  Put(answer, "names", names);
  Put(answer, "footprints", footprints);
  Put(answer, "unreadable", unreadable);
  return answer;
}

uint32_t TreeOptions(const Napi::Value &footprint) {
  return footprint.As<Napi::Boolean>().Value() ? PMI_TREE_FOOTPRINT : 0;
}

struct OwnedTree {
  OwnedTree() = default;
  OwnedTree(const OwnedTree &) = delete;
  OwnedTree &operator=(const OwnedTree &) = delete;
  ~OwnedTree() { pmi_tree_free(&tree); }
  pmi_tree tree = {};
};

/* (pid or handle, whether to read the footprints) -> as TreeObject() */
template <typename Target> struct Tree {
  explicit Tree(const Napi::CallbackInfo &info) : target(info), options(TreeOptions(info[1])) {}
  pmi_code Ask(pmi_error *error) { return target.Read(options, &read.tree, error); }
  Napi::Value Answer(Napi::Env env) const { return TreeObject(env, read.tree); }
  Target target;
  uint32_t options;
  OwnedTree read;
};

/* (whether to read the footprints) -> as TreeObject() */
struct All {
  explicit All(const Napi::CallbackInfo &info) : options(TreeOptions(info[0])) {}
  pmi_code Ask(pmi_error *error) { return pmi_read_all(options, &read.tree, error); }
  Napi::Value Answer(Napi::Env env) const { return TreeObject(env, read.tree); }
  uint32_t options;
  OwnedTree read;
};

/* (Uint32Array of pids, whether to read the footprints) -> an array of what TreeObject() and Failure() make */
struct Trees {
  explicit Trees(const Napi::CallbackInfo &info) : options(TreeOptions(info[1])) {
    Napi::Uint32Array array = info[0].As<Napi::Uint32Array>();
    const size_t count = array.ElementLength();
    complete = roots.Reserve(count) && trees.Reserve(count) && errors.Reserve(count);
    if (!complete)
      return;
    std::copy_n(array.Data(), count, roots.items);
    std::fill_n(trees.items, count, pmi_tree{});
    roots.count = count;
  }
  ~Trees() {
    for (size_t i = 0; i < roots.count; i++)
      pmi_tree_free(&trees.items[i]);
  }
  Trees(const Trees &) = delete;
  Trees &operator=(const Trees &) = delete;

  pmi_code Ask(pmi_error *error) {
    if (!complete)
      return pmi_fail_nomem(error);
    return pmi_read_trees(roots.items, roots.count, options, trees.items, errors.items, error);
  }

  Napi::Value Answer(Napi::Env env) const {
    Napi::Array answer = Napi::Array::New(env, roots.count);
    for (size_t i = 0; i < roots.count; i++)
      if (!PutAt(answer, i,
                 errors.items[i].code == PMI_OK ? TreeObject(env, trees.items[i]) : Failure(env, errors.items[i])))
        return {};
    return answer;
  }

  uint32_t options;
  Items<uint32_t> roots;
  Items<pmi_tree> trees;
  Items<pmi_error> errors;
  bool complete;
};

template <typename Question> Napi::Value Sync(const Napi::CallbackInfo &info) {
  Question question(info);
  pmi_error error;
  if (question.Ask(&error) != PMI_OK)
    return Failure(info.Env(), error);
  return question.Answer(info.Env());
}

/*
 * Asks on the thread pool. Deletes itself when done, also where the environment ends before. Whether a promise can be
 * made and resolved is asked of Node-API itself: in a worker that is being terminated neither can, and
 * Napi::Promise::Deferred would not say so.
 */
template <typename Question> class Worker : public Napi::AsyncWorker {
public:
  Worker(const Napi::CallbackInfo &info, napi_deferred waiting)
      : AsyncWorker(info.Env(), "process-memory-info"), deferred(waiting), question(info) {}

private:
  void Execute() override { code = question.Ask(&error); }

  void OnOK() override {
    Napi::Value answer = code == PMI_OK ? question.Answer(Env()) : Failure(Env(), error);
    (void)napi_resolve_deferred(Env(), deferred, answer);
  }

  napi_deferred deferred;
  Question question;
  pmi_code code = PMI_OK;
  pmi_error error;
};

template <typename Question> Napi::Value Async(const Napi::CallbackInfo &info) {
  napi_deferred deferred;
  napi_value promise;
  if (napi_create_promise(info.Env(), &deferred, &promise) != napi_ok)
    return {};
  auto *worker = new Worker<Question>(info, deferred);
  worker->Queue();
  return {info.Env(), promise};
}

template <typename Question> class QuestionJob : public Job {
public:
  QuestionJob(const Napi::CallbackInfo &info, napi_deferred waiting) : Job(waiting), question(info) {}
  pmi_code Ask(pmi_error *why) override { return question.Ask(why); }
  Napi::Value Answer(Napi::Env env) override {
    return code == PMI_OK ? question.Answer(env) : Napi::Value(Failure(env, error));
  }

private:
  Question question;
};

class Addon : public Napi::Addon<Addon> {
public:
  Addon(Napi::Env env, Napi::Object exports) {
    Napi::Float64Array array = Napi::Float64Array::New(env, kMemoryNumbers);
    numbers = array.Data();
    kept = Napi::Persistent(array.As<Napi::Object>());
    Put(exports, "numbers", array);
    Put(exports, "layout", Layout(env));
    DefineAddon(exports, {
                             InstanceMethod<&Addon::ReadMemory>("readMemory"),
                             InstanceMethod<&Addon::ReadHandleMemory>("readHandleMemory"),
                             InstanceMethod<&Addon::Detached<Footprint<PidTarget>>>("readFootprintDetached"),
                             InstanceMethod<&Addon::Detached<Footprint<HandleTarget>>>("readHandleFootprintDetached"),
                             InstanceMethod<&Addon::Detached<Tree<PidTarget>>>("readTreeDetached"),
                             InstanceMethod<&Addon::Detached<Tree<HandleTarget>>>("readHandleTreeDetached"),
                             InstanceMethod<&Addon::Detached<Trees>>("readTreesDetached"),
                             InstanceMethod<&Addon::Detached<All>>("readAllDetached"),
                             InstanceMethod<&Addon::Abandon>("abandon"),
                         });
    Put(exports, "readMemoryAsync", Napi::Function::New(env, Async<Memory<PidTarget>>));
    Put(exports, "readHandleMemoryAsync", Napi::Function::New(env, Async<Memory<HandleTarget>>));
    Put(exports, "closeHandle", Napi::Function::New(env, Close));
    Put(exports, "startCommand", Napi::Function::New(env, Sync<StartCommand>));
    Put(exports, "reapChild", Napi::Function::New(env, Sync<ReapChild>));
    Put(exports, "dieBy", Napi::Function::New(env, DieBy));

    Export<Batch>(exports, "readMemoryBatch", "readMemoryBatchAsync");
    Export<Tree<PidTarget>>(exports, "readTree", "readTreeAsync");
    Export<Tree<HandleTarget>>(exports, "readHandleTree", "readHandleTreeAsync");
    Export<Trees>(exports, "readTrees", "readTreesAsync");
    Export<All>(exports, "readAll", "readAllAsync");
    Export<Counters<PidTarget>>(exports, "readCounters", "readCountersAsync");
    Export<Counters<HandleTarget>>(exports, "readHandleCounters", "readHandleCountersAsync");
    exports.Set("readFootprint", Napi::Function::New(env, Sync<Footprint<PidTarget>>));
    exports.Set("readHandleFootprint", Napi::Function::New(env, Sync<Footprint<HandleTarget>>));
    Export<System>(exports, "readSystem", "readSystemAsync");
    Export<Limit>(exports, "readLimit", "readLimitAsync");
    Export<Open>(exports, "openHandle", "openHandleAsync");
    Export<IsAlive>(exports, "isHandleAlive", "isHandleAliveAsync");
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
    return Share(info.Env(), pmi_read_memory(Pid(info[0]), &memory, &error), memory, error);
  }

  Napi::Value ReadHandleMemory(const Napi::CallbackInfo &info) {
    pmi_memory memory;
    pmi_error error;
    const pmi_handle *handle = info[0].As<Napi::External<SharedHandle>>().Data()->get();
    return Share(info.Env(), pmi_handle_read_memory(handle, &memory, &error), memory, error);
  }

  /* -> {promise, id} */
  template <typename Question> Napi::Value Detached(const Napi::CallbackInfo &info) {
    napi_deferred deferred;
    napi_value promise;
    if (napi_create_promise(info.Env(), &deferred, &promise) != napi_ok)
      return {};
    Napi::Object answer = Napi::Object::New(info.Env());
    Put(answer, "promise", Napi::Value(info.Env(), promise));
    Put(answer, "id", jobs.Add(info.Env(), new QuestionJob<Question>(info, deferred)));
    return answer;
  }

  void Abandon(const Napi::CallbackInfo &info) { jobs.Abandon(info.Env(), info[0].As<Napi::Number>().DoubleValue()); }

  Napi::Value Share(Napi::Env env, pmi_code code, const pmi_memory &memory, const pmi_error &error) {
    if (code != PMI_OK)
      return Failure(env, error);
    Write(memory, numbers);
    return env.Undefined();
  }

  Jobs jobs;
  double *numbers;
  Napi::ObjectReference kept; /* so that `numbers` lives as long as the addon */
};

} // namespace

NODE_API_ADDON(Addon)
