/*
 * What the core answers, as JavaScript gets it: numbers as float64, sizes in KiB, NaN for what is not known. A failure
 * is an object {code, syscall, path, osError}, path empty where there is none; lib/errors.js makes an Error of it.
 */
#ifndef PMI_CONVERT_H
#define PMI_CONVERT_H

#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>

#include <napi.h>

#include "command.h"
#include "pmi.h"

inline double Kib(uint64_t bytes) { return static_cast<double>(bytes / 1024); }

inline double KibIf(bool known, uint64_t bytes) {
  return known ? Kib(bytes) : std::numeric_limits<double>::quiet_NaN();
}

/* The numbers of a process in the order in which they go over, its memory's first; lib/ learns it as `layout`. */
template <typename From> struct Number {
  const char *name;
  double (*of)(const From &);
};

constexpr Number<pmi_memory> kMemoryNumbers[] = {
    {"workingSetSize", [](const pmi_memory &memory) { return Kib(memory.working_set); }},
    {"peakWorkingSetSize",
     [](const pmi_memory &memory) { return KibIf((memory.known & PMI_PEAK) != 0, memory.peak_working_set); }},
    {"privateBytes",
     [](const pmi_memory &memory) { return KibIf((memory.known & PMI_PRIVATE) != 0, memory.private_bytes); }},
    {"sharedBytes",
     [](const pmi_memory &memory) { return KibIf((memory.known & PMI_SHARED) != 0, memory.shared_bytes); }},
};

constexpr Number<pmi_process> kProcessNumbers[] = {
    {"pid", [](const pmi_process &process) { return static_cast<double>(process.pid); }},
    {"ppid", [](const pmi_process &process) { return static_cast<double>(process.ppid); }},
    {"creationTime", [](const pmi_process &process) { return static_cast<double>(process.creation_time_ms); }},
    {"alive", [](const pmi_process &process) { return process.alive ? 1.0 : 0.0; }},
};

constexpr size_t kPerMemory = std::size(kMemoryNumbers);
constexpr size_t kPerProcess = kPerMemory + std::size(kProcessNumbers);

/* Both return where the next number goes. */
inline double *Write(const pmi_memory &memory, double *out) {
  for (const auto &number : kMemoryNumbers)
    *out++ = number.of(memory);
  return out;
}

inline double *Write(const pmi_process &process, double *out) {
  out = Write(process.memory, out);
  for (const auto &number : kProcessNumbers)
    *out++ = number.of(process);
  return out;
}

/*
 * Sets a property of an object, and an element of an array. False where the environment is ending, as when a worker is
 * terminated: then all that follows would fail, too. Napi's own functions would make an Error each time.
 */
template <typename Value> bool Put(Napi::Object object, const char *name, const Value &value) {
  return napi_set_named_property(object.Env(), object, name, Napi::Value::From(object.Env(), value)) == napi_ok;
}

inline bool PutAt(Napi::Array array, size_t index, const Napi::Value &value) {
  return napi_set_element(array.Env(), array, static_cast<uint32_t>(index), value) == napi_ok;
}

inline Napi::Object Layout(Napi::Env env) {
  Napi::Object layout = Napi::Object::New(env);
  double at = 0;
  for (const auto &number : kMemoryNumbers)
    Put(layout, number.name, at++);
  Put(layout, "memoryNumbers", at);
  for (const auto &number : kProcessNumbers)
    Put(layout, number.name, at++);
  Put(layout, "processNumbers", at);
  return layout;
}

/*
 * A Float64Array, with `each` numbers an item. Where the environment is being torn down, as when a worker is terminated
 * while a promise is pending, there may be no array to write to; nobody waits for it then.
 */
template <typename Item> Napi::Value Numbers(Napi::Env env, const Item *items, size_t count, size_t each) {
  Napi::Float64Array array = Napi::Float64Array::New(env, count * each);
  if (double *out = array.Data())
    for (size_t i = 0; i < count; i++)
      out = Write(items[i], out);
  return array;
}

inline Napi::Object Failure(Napi::Env env, const pmi_error &error) {
  Napi::Object failure = Napi::Object::New(env);
  Put(failure, "code", pmi_code_name(error.code));
  Put(failure, "syscall", error.syscall);
  Put(failure, "path", error.path);
  Put(failure, "osError", static_cast<double>(error.os_error));
  return failure;
}

/* A Float64Array of kPerMemory */
inline Napi::Value Convert(Napi::Env env, const pmi_memory &memory) { return Numbers(env, &memory, 1, kPerMemory); }

/* An object of numbers by their names: sizes in KiB, counts as they are */
inline Napi::Object Convert(Napi::Env env, const pmi_values &values) {
  Napi::Object object = Napi::Object::New(env);
  for (size_t i = 0; i < values.count; i++) {
    const pmi_value &item = values.items[i];
    Put(object, item.name, item.unit == PMI_BYTES ? Kib(item.value) : static_cast<double>(item.value));
  }
  return object;
}

/* Likewise, with `method` */
inline Napi::Object Convert(Napi::Env env, const pmi_footprint &footprint) {
  Napi::Object object = Convert(env, footprint.values);
  Put(object, "method", footprint.method);
  return object;
}

/* Likewise, with `source` and `complete`; or null where nothing limits */
inline Napi::Value Convert(Napi::Env env, const pmi_limit &limit) {
  if (limit.values.count == 0)
    return env.Null();
  Napi::Object object = Convert(env, limit.values);
  if (limit.source[0] != '\0')
    Put(object, "source", limit.source);
  Put(object, "complete", limit.complete);
  return object;
}

inline Napi::Value Convert(Napi::Env env, bool value) { return Napi::Boolean::New(env, value); }

/* A size, in KiB */
inline Napi::Value Convert(Napi::Env env, uint64_t bytes) { return Napi::Number::New(env, Kib(bytes)); }

/* {pid, exitCode, signal, peakWorkingSetSize}, `signal` 0 if it exited; or null where no child has ended */
inline Napi::Value Convert(Napi::Env env, const pmi_ended &ended) {
  if (ended.pid == 0)
    return env.Null();
  Napi::Object object = Napi::Object::New(env);
  Put(object, "pid", ended.pid);
  Put(object, "exitCode", ended.exit_code);
  Put(object, "signal", ended.signal);
  Put(object, "peakWorkingSetSize", Kib(ended.peak_working_set));
  return object;
}

/* How JavaScript holds a process open; queries that are still running keep it so, whoever closes it meanwhile. */
using SharedHandle = std::shared_ptr<const pmi_handle>;

/* {handle, creationTime} */
inline Napi::Value Convert(Napi::Env env, pmi_handle *&opened) {
  Napi::Object object = Napi::Object::New(env);
  Put(object, "creationTime", static_cast<double>(pmi_handle_creation_time_ms(opened)));
  auto *shared =
      new SharedHandle(opened, [](const pmi_handle *handle) { pmi_close_handle(const_cast<pmi_handle *>(handle)); });
  opened = nullptr;
  auto external = Napi::External<SharedHandle>::New(env, shared, [](Napi::Env, SharedHandle *data) { delete data; });
  if (external.IsEmpty()) /* as in Numbers(); and then nobody else deletes it */
    delete shared;
  Put(object, "handle", external);
  return object;
}

/* It is closed when it is garbage. */
inline Napi::Value Convert(Napi::Env env, pmi_job *&opened) {
  auto external = Napi::External<pmi_job>::New(env, opened, [](Napi::Env, pmi_job *job) { pmi_close_job(job); });
  if (!external.IsEmpty()) /* as in Numbers(); and then the query closes it */
    opened = nullptr;
  return external;
}

/*
 * {numbers: Float64Array, kPerProcess a process; names: string[]; footprints: objects as above, `code`
 * of the refusal added to those that are estimates; unreadable: failures with their pid}
 */
inline Napi::Object Convert(Napi::Env env, const pmi_tree &tree) {
  Napi::Array names = Napi::Array::New(env, tree.count);
  Napi::Array footprints = Napi::Array::New(env);
  for (size_t i = 0; i < tree.count; i++) {
    const pmi_process &process = tree.processes[i];
    if (!PutAt(names, i, Napi::String::New(env, tree.names + process.name_offset, process.name_length)))
      return {};
    if (const pmi_footprint *read = pmi_tree_footprint(&tree, &process)) {
      Napi::Object footprint = Convert(env, *read);
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

  Napi::Object object = Napi::Object::New(env);
  Put(object, "numbers", Numbers(env, tree.processes, tree.count, kPerProcess));
  Put(object, "names", names);
  Put(object, "footprints", footprints);
  Put(object, "unreadable", unreadable);
  return object;
}

#endif
