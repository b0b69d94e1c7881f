/*
 * The binding between the core and JavaScript. Only this file, convert.h and detached.h use Node-API. Each function of
 * the core is called by a query: a struct whose constructor takes the arguments, already validated by lib/, whose
 * Execute() runs on any thread, and whose ToValue() runs on the JavaScript thread. Sync, Async and Detached run
 * queries.
 *
 * A failure is returned, not thrown. convert.h defines how results are represented in JavaScript.
 */
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <napi.h>

#include "command.h"
#include "convert.h"
#include "detached.h"
#include "pmi.h"

namespace {

/* An argument of a core function. */
template <typename In> struct Argument;

/*
 * A pid; or the options of a tree, which is a boolean in JavaScript: whether to read footprints. It is not coerced:
 * that would run JavaScript, which fails in a worker that is being terminated, and ends the process.
 */
template <> struct Argument<uint32_t> {
  explicit Argument(const Napi::Value &given)
      : value(given.IsBoolean() ? (given.As<Napi::Boolean>().Value() ? PMI_TREE_FOOTPRINT : 0)
                                : given.As<Napi::Number>().Uint32Value()) {}
  uint32_t Get() const { return value; }
  uint32_t value;
};

template <> struct Argument<const pmi_handle *> {
  explicit Argument(const Napi::Value &given) : handle(*given.As<Napi::External<SharedHandle>>().Data()) {}
  const pmi_handle *Get() const { return handle.get(); }
  SharedHandle handle;
};

template <> struct Argument<pmi_job *> {
  explicit Argument(const Napi::Value &given) : job(given.As<Napi::External<pmi_job>>().Data()) {}
  pmi_job *Get() const { return job; }
  pmi_job *job;
};

template <typename Out> void Free(Out &) {}
void Free(pmi_tree &tree) { pmi_tree_free(&tree); }
void Free(pmi_handle *&handle) {
  if (handle != nullptr)
    pmi_close_handle(handle);
}
void Free(pmi_job *&job) {
  if (job != nullptr)
    pmi_close_job(job);
}

template <typename Out> struct Result {
  Result() = default;
  Result(const Result &) = delete;
  Result &operator=(const Result &) = delete;
  ~Result() { Free(out); }
  Napi::Value ToValue(Napi::Env env) { return Convert(env, out); }
  Out out = {};
};

/* The query for a core function. */
template <auto function> struct Query;

template <typename Out, pmi_code (*function)(Out *, pmi_error *)> struct Query<function> : Result<Out> {
  explicit Query(const Napi::CallbackInfo &) {}
  pmi_code Execute(pmi_error *error) { return function(&this->out, error); }
};

template <typename In, typename Out, pmi_code (*function)(In, Out *, pmi_error *)>
struct Query<function> : Result<Out> {
  explicit Query(const Napi::CallbackInfo &info) : target(info[0]) {}
  pmi_code Execute(pmi_error *error) { return function(target.Get(), &this->out, error); }
  Argument<In> target;
};

template <typename In, typename Out, pmi_code (*function)(In, uint32_t, Out *, pmi_error *)>
struct Query<function> : Result<Out> {
  explicit Query(const Napi::CallbackInfo &info) : target(info[0]), options(info[1]) {}
  pmi_code Execute(pmi_error *error) { return function(target.Get(), options.Get(), &this->out, error); }
  Argument<In> target;
  Argument<uint32_t> options;
};

/* An array that fails with ENOMEM if memory runs out, instead of terminating the process. */
template <typename Item> struct Items {
  Items() = default;
  Items(const Items &) = delete;
  Items &operator=(const Items &) = delete;
  ~Items() {
    std::for_each(items, items + count, [](Item &item) { Free(item); });
    std::free(items);
  }

  bool Fill(size_t needed, const Item &item) {
    if (!pmi_grow(&items, &capacity, needed, sizeof(Item)))
      return false;
    std::fill_n(items, needed, item);
    count = needed;
    return true;
  }

  bool Copy(const Napi::Value &given) {
    auto array = given.As<Napi::TypedArrayOf<Item>>();
    if (!Fill(array.ElementLength(), Item{}))
      return false;
    std::copy_n(array.Data(), count, items);
    return true;
  }

  Item *items = nullptr;
  size_t count = 0;
  size_t capacity = 0;
};

/* Uint32Array of pids -> {numbers: Float64Array, kPerMemory a pid; failures: failures with their index} */
struct Batch {
  explicit Batch(const Napi::CallbackInfo &info)
      : complete(pids.Copy(info[0]) && memories.Fill(pids.count, pmi_memory{})) {}
  Batch(const Batch &) = delete;
  Batch &operator=(const Batch &) = delete;
  ~Batch() { std::free(failures.items); }

  pmi_code Execute(pmi_error *error) {
    return complete ? pmi_read_memories(pids.items, pids.count, memories.items, &failures, error)
                    : pmi_fail_nomem(error);
  }

  Napi::Value ToValue(Napi::Env env) const {
    Napi::Array failed = Napi::Array::New(env, failures.count);
    for (size_t i = 0; i < failures.count; i++) {
      Napi::Object failure = Failure(env, failures.items[i].error);
      Put(failure, "index", static_cast<double>(failures.items[i].index));
      if (!PutAt(failed, i, failure))
        return {};
    }
    Napi::Object object = Napi::Object::New(env);
    Put(object, "numbers", Numbers(env, memories.items, memories.count, kPerMemory));
    Put(object, "failures", failed);
    return object;
  }

  Items<uint32_t> pids;
  Items<pmi_memory> memories;
  pmi_failures failures = {};
  bool complete;
};

/* (Uint32Array of pids, whether to read the footprints) -> an array of trees and failures */
struct Trees {
  explicit Trees(const Napi::CallbackInfo &info)
      : options(info[1]),
        complete(roots.Copy(info[0]) && trees.Fill(roots.count, pmi_tree{}) && errors.Fill(roots.count, pmi_error{})) {}

  pmi_code Execute(pmi_error *error) {
    return complete ? pmi_read_trees(roots.items, roots.count, options.Get(), trees.items, errors.items, error)
                    : pmi_fail_nomem(error);
  }

  Napi::Value ToValue(Napi::Env env) const {
    Napi::Array array = Napi::Array::New(env, roots.count);
    for (size_t i = 0; i < roots.count; i++) {
      const pmi_error &error = errors.items[i];
      if (!PutAt(array, i, error.code == PMI_OK ? Convert(env, trees.items[i]) : Failure(env, error)))
        return {};
    }
    return array;
  }

  Argument<uint32_t> options;
  Items<uint32_t> roots;
  Items<pmi_tree> trees;
  Items<pmi_error> errors;
  bool complete;
};

/* (argv, cgroup.procs file or "") -> {pid, handedDown} */
struct StartCommand {
  explicit StartCommand(const Napi::CallbackInfo &info) : group(info[1].As<Napi::String>()) {
    Napi::Array array = info[0].As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); i++)
      argv.push_back(array.Get(i).As<Napi::String>());
  }

  pmi_code Execute(pmi_error *error) {
    std::vector<char *> pointers;
    for (std::string &argument : argv)
      pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    return pmi_start_command(pointers.data(), group.empty() ? nullptr : group.c_str(), &pid, &handed_down, error);
  }

  Napi::Value ToValue(Napi::Env env) const {
    Napi::Object object = Napi::Object::New(env);
    Put(object, "pid", pid);
    Put(object, "handedDown", Kib(handed_down));
    return object;
  }

  std::vector<std::string> argv;
  std::string group;
  uint32_t pid = 0;
  uint64_t handed_down = 0;
};

/* ---- How queries run ---- */

template <typename Query> Napi::Value Sync(const Napi::CallbackInfo &info) {
  Query query(info);
  pmi_error error;
  return query.Execute(&error) == PMI_OK ? query.ToValue(info.Env()) : Failure(info.Env(), error);
}

/*
 * Runs on the thread pool. Deletes itself when done, even if the environment ends first. Calls Node-API directly to
 * create and resolve the promise: both fail in a worker that is being terminated, which Napi::Promise::Deferred would
 * not report.
 */
template <typename Query> class Worker : public Napi::AsyncWorker {
public:
  Worker(const Napi::CallbackInfo &info, napi_deferred waiting)
      : AsyncWorker(info.Env(), "process-memory-info"), deferred(waiting), query(info) {}

private:
  void Execute() override { code = query.Execute(&error); }

  void OnOK() override {
    Napi::Value value = code == PMI_OK ? query.ToValue(Env()) : Failure(Env(), error);
    (void)napi_resolve_deferred(Env(), deferred, value);
  }

  napi_deferred deferred;
  Query query;
  pmi_code code = PMI_OK;
  pmi_error error;
};

template <typename Query> Napi::Value Async(const Napi::CallbackInfo &info) {
  napi_deferred deferred;
  napi_value promise;
  if (napi_create_promise(info.Env(), &deferred, &promise) != napi_ok)
    return {};
  (new Worker<Query>(info, deferred))->Queue();
  return {info.Env(), promise};
}

template <typename Query> class QueryJob : public Job {
public:
  QueryJob(const Napi::CallbackInfo &info, napi_deferred waiting) : Job(waiting), query(info) {}
  pmi_code Execute(pmi_error *why) override { return query.Execute(why); }
  Napi::Value ToValue(Napi::Env env) override { return code == PMI_OK ? query.ToValue(env) : Failure(env, error); }

private:
  Query query;
};

/* Releases a handle. It is closed once no query uses it. */
void Close(const Napi::CallbackInfo &info) { info[0].As<Napi::External<SharedHandle>>().Data()->reset(); }

void DieBy(const Napi::CallbackInfo &info) { pmi_die_by(info[0].As<Napi::Number>().Int32Value()); }

class Addon : public Napi::Addon<Addon> {
public:
  Addon(Napi::Env env, Napi::Object exports) {
    Napi::Float64Array array = Napi::Float64Array::New(env, kPerMemory);
    numbers = array.Data();
    kept = Napi::Persistent(array.As<Napi::Object>());
    Put(exports, "numbers", array);
    Put(exports, "layout", Layout(env));
    DefineAddon(exports,
                {
                    InstanceMethod<&Addon::ReadMemory>("readMemory"),
                    InstanceMethod<&Addon::ReadHandleMemory>("readHandleMemory"),
                    InstanceMethod<&Addon::Detached<Query<pmi_read_footprint>>>("readFootprintDetached"),
                    InstanceMethod<&Addon::Detached<Query<pmi_handle_read_footprint>>>("readHandleFootprintDetached"),
                    InstanceMethod<&Addon::Detached<Query<pmi_read_tree>>>("readTreeDetached"),
                    InstanceMethod<&Addon::Detached<Query<pmi_handle_read_tree>>>("readHandleTreeDetached"),
                    InstanceMethod<&Addon::Detached<Query<pmi_read_all>>>("readAllDetached"),
                    InstanceMethod<&Addon::Detached<Trees>>("readTreesDetached"),
                    InstanceMethod<&Addon::Abandon>("abandon"),
                });
    Export(exports, "closeHandle", Close);
    Export(exports, "dieBy", DieBy);
    Export(exports, "startCommand", Sync<StartCommand>);
    Export(exports, "openJob", Sync<Query<pmi_open_job>>);
    Export(exports, "readJobPeak", Sync<Query<pmi_read_job_peak>>);
    Export(exports, "reapChild", Sync<Query<pmi_reap_child>>);
    Export(exports, "readFootprint", Sync<Query<pmi_read_footprint>>);
    Export(exports, "readHandleFootprint", Sync<Query<pmi_handle_read_footprint>>);
    Export(exports, "readMemoryAsync", Async<Query<pmi_read_memory>>);
    Export(exports, "readHandleMemoryAsync", Async<Query<pmi_handle_read_memory>>);
    Export<Batch>(exports, "readMemoryBatch", "readMemoryBatchAsync");
    Export<Trees>(exports, "readTrees", "readTreesAsync");
    Export<Query<pmi_read_tree>>(exports, "readTree", "readTreeAsync");
    Export<Query<pmi_handle_read_tree>>(exports, "readHandleTree", "readHandleTreeAsync");
    Export<Query<pmi_read_all>>(exports, "readAll", "readAllAsync");
    Export<Query<pmi_read_counters>>(exports, "readCounters", "readCountersAsync");
    Export<Query<pmi_handle_read_counters>>(exports, "readHandleCounters", "readHandleCountersAsync");
    Export<Query<pmi_read_system>>(exports, "readSystem", "readSystemAsync");
    Export<Query<pmi_read_limit>>(exports, "readLimit", "readLimitAsync");
    Export<Query<pmi_open_handle>>(exports, "openHandle", "openHandleAsync");
    Export<Query<pmi_handle_is_alive>>(exports, "isHandleAlive", "isHandleAliveAsync");
  }

private:
  template <typename Callback> static void Export(Napi::Object exports, const char *name, Callback callback) {
    Put(exports, name, Napi::Function::New(exports.Env(), callback));
  }

  template <typename Query> static void Export(Napi::Object exports, const char *sync, const char *async) {
    Export(exports, sync, Sync<Query>);
    Export(exports, async, Async<Query>);
  }

  /* The fast path for the most frequent query: returns undefined and writes the result to the shared `numbers`. */
  Napi::Value ReadMemory(const Napi::CallbackInfo &info) { return Share<Query<pmi_read_memory>>(info); }
  Napi::Value ReadHandleMemory(const Napi::CallbackInfo &info) { return Share<Query<pmi_handle_read_memory>>(info); }

  template <typename Query> Napi::Value Share(const Napi::CallbackInfo &info) {
    Query query(info);
    pmi_error error;
    if (query.Execute(&error) != PMI_OK)
      return Failure(info.Env(), error);
    Write(query.out, numbers);
    return info.Env().Undefined();
  }

  /* -> {promise, id} */
  template <typename Query> Napi::Value Detached(const Napi::CallbackInfo &info) {
    napi_deferred deferred;
    napi_value promise;
    if (napi_create_promise(info.Env(), &deferred, &promise) != napi_ok)
      return {};
    Napi::Object object = Napi::Object::New(info.Env());
    Put(object, "promise", Napi::Value(info.Env(), promise));
    Put(object, "id", jobs.Add(info.Env(), new QueryJob<Query>(info, deferred)));
    return object;
  }

  void Abandon(const Napi::CallbackInfo &info) { jobs.Abandon(info.Env(), info[0].As<Napi::Number>().DoubleValue()); }

  Jobs jobs;
  double *numbers;
  Napi::ObjectReference kept; /* keeps `numbers` alive as long as the addon */
};

} // namespace

NODE_API_ADDON(Addon)
