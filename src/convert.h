/*
 * Converts results of the core to JavaScript values: numbers are float64, sizes are in KiB, unknown values are NaN. A
 * failure is an object {code, syscall, path, osError}, whose path may be empty; lib/errors.js turns it into an Error.
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

/* The numbers of a process in the order in which they are passed, memory first; exported to lib/ as `layout`. */
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
    {"forked", [](const pmi_process &process) { return process.forked ? 1.0 : 0.0; }},
};

constexpr size_t kPerMemory = std::size(kMemoryNumbers);
constexpr size_t kPerProcess = kPerMemory + std::size(kProcessNumbers);

/* Both return the position of the next number. */
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
 * Set a property of an object, and an element of an array. False if the environment is ending, such as when a worker is
 * terminated: all further calls would fail, too. The functions of Napi would create an Error each time.
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
 * A Float64Array with `each` numbers per item. If the environment is ending, such as when a worker is terminated while
 * a promise is pending, the array cannot be created and the result is not needed.
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

/*
 * An object of numbers by name: sizes in KiB, counts unchanged. V8 would turn an object into a slower dictionary if
 * that many properties were set one by one.
 */
inline Napi::Object Convert(Napi::Env env, const pmi_values &values) {
  Napi::Object object = Napi::Object::New(env);
  napi_property_descriptor properties[PMI_MAX_VALUES] = {};
  for (size_t i = 0; i < values.count; i++) {
    const pmi_value &item = values.items[i];
    properties[i].utf8name = item.name;
    properties[i].value =
        Napi::Number::New(env, item.unit == PMI_BYTES ? Kib(item.value) : static_cast<double>(item.value));
    properties[i].attributes = napi_default_jsproperty;
  }
  napi_define_properties(env, object, values.count, properties);
  return object;
}

/* Likewise, with `method` */
inline Napi::Object Convert(Napi::Env env, const pmi_footprint &footprint) {
  Napi::Object object = Convert(env, footprint.values);
  Put(object, "method", footprint.method);
  return object;
}

/* Likewise, with `source` and `complete`; or null if there is no limit */
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

/* {pid, exitCode, signal, peakWorkingSetSize}, `signal` is 0 if it exited; or null if no child has ended */
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

/* A handle as held by JavaScript. Running queries share it, so closing it does not affect them. */
using SharedHandle = std::shared_ptr<const pmi_handle>;

/* {handle, creationTime} */
inline Napi::Value Convert(Napi::Env env, pmi_handle *&opened) {
  Napi::Object object = Napi::Object::New(env);
  Put(object, "creationTime", static_cast<double>(pmi_handle_creation_time_ms(opened)));
  auto *shared =
      new SharedHandle(opened, [](const pmi_handle *handle) { pmi_close_handle(const_cast<pmi_handle *>(handle)); });
  opened = nullptr;
  auto external = Napi::External<SharedHandle>::New(env, shared, [](Napi::Env, SharedHandle *data) { delete data; });
  if (external.IsEmpty()) /* as in Numbers(): there is no finalizer then */
    delete shared;
  Put(object, "handle", external);
  return object;
}

/* Closed when garbage collected. */
inline Napi::Value Convert(Napi::Env env, pmi_job *&opened) {
  auto external = Napi::External<pmi_job>::New(env, opened, [](Napi::Env, pmi_job *job) { pmi_close_job(job); });
  if (!external.IsEmpty()) /* as in Numbers(): the query closes it then */
    opened = nullptr;
  return external;
}

/*
 * {numbers: Float64Array, kPerProcess per process; names: string[]; footprints: objects as above, estimates with the
 * `code` of the failure; unreadable: failures with their pid}
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
