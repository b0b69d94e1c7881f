/*
 * Runs jobs on separate threads. A call that may block in the kernel for long must not occupy a thread of libuv's pool:
 * file system calls of the application need the pool, and a worker or process waits for it before it exits.
 *
 * Jobs belongs to one environment and is used only on its JavaScript thread. A running thread uses its Job and the
 * Channel, but nothing else of the environment, which may end first.
 */
#ifndef PMI_DETACHED_H
#define PMI_DETACHED_H

#include <atomic>
#include <cstdint>

#include <napi.h>

#include "pmi.h"
#include "thread.h"

/*
 * Returns jobs from their threads to the JavaScript thread. Reference counted. Node.js deletes a thread-safe function
 * when the environment ends, even if threads still refer to it, so it is called under a lock, and never after it is
 * closed.
 */
class Channel {
public:
  void Open(napi_threadsafe_function opened) { function = opened; }

  void Close() {
    Lock();
    function = nullptr;
    Unlock();
  }

  /* False if the channel is closed. */
  bool Send(void *job) {
    Lock();
    bool sent = function != nullptr && napi_call_threadsafe_function(function, job, napi_tsfn_nonblocking) == napi_ok;
    Unlock();
    return sent;
  }

  void Hold() { holders++; }
  void Release() {
    if (--holders == 0)
      delete this;
  }

private:
  void Lock() {
    while (locked.test_and_set(std::memory_order_acquire)) {
    }
  }
  void Unlock() { locked.clear(std::memory_order_release); }

  std::atomic_flag locked = ATOMIC_FLAG_INIT; /* held only while waking an event loop */
  std::atomic<int> holders{1};
  napi_threadsafe_function function = nullptr;
};

/* One query. */
class Job {
public:
  explicit Job(napi_deferred waiting) : deferred(waiting) {}
  virtual ~Job() = default;
  virtual pmi_code Execute(pmi_error *why) = 0;
  virtual Napi::Value ToValue(Napi::Env env) = 0;

  napi_deferred deferred;
  pmi_code code = PMI_OK;
  pmi_error error = {};
  Channel *channel = nullptr;
  double id = 0;
  bool abandoned = false;
  Job *next = nullptr;
};

/* Limits of the threads whose results are awaited, and of all threads, including those of abandoned jobs. */
constexpr int kMaxWorking = 4;
constexpr int kMaxThreads = 16;

class Jobs {
public:
  Jobs() = default;
  Jobs(const Jobs &) = delete;
  Jobs &operator=(const Jobs &) = delete;

  /* Running jobs are freed by their threads or when the channel closes. */
  ~Jobs() {
    while (waiting != nullptr)
      delete Take(&waiting);
    if (channel != nullptr)
      channel->Release();
  }

  /* Takes ownership of the job. Returns its id, for Abandon(). */
  double Add(Napi::Env env, Job *job) {
    job->id = ++last_id;
    Append(&waiting, job);
    Start(env);
    return job->id;
  }

  /*
   * Resolves the promise with undefined: now if the job has not started, otherwise when it ends, however long that
   * takes.
   */
  void Abandon(Napi::Env env, double id) {
    if (Job *job = Remove(&waiting, id)) {
      job->abandoned = true;
      Settle(env, job);
      KeepAlive(env);
    } else if (Job *job = Find(running, id); job != nullptr && !job->abandoned) {
      job->abandoned = true;
      working--;
      KeepAlive(env);
      Start(env);
    }
  }

private:
  void Start(Napi::Env env) {
    while (waiting != nullptr && working < kMaxWorking && threads < kMaxThreads) {
      Job *job = Take(&waiting);
      if (!OpenChannel(env)) {
        delete job; /* the environment is ending */
        return;
      }
      job->channel = channel;
      channel->Hold();
      /* From here on the thread owns the job, and may finish it before this returns. */
      pmi_error error;
      const pmi_code code = pmi_run_detached(Run, job, &error);
      if (code == PMI_OK) {
        Append(&running, job);
        working++;
        threads++;
      } else {
        job->code = code;
        job->error = error;
        channel->Release();
        Settle(env, job);
      }
    }
    KeepAlive(env);
  }

  /* On the job's thread. The job may be deleted once it is sent. */
  static void Run(void *data) {
    Job *job = static_cast<Job *>(data);
    Channel *channel = job->channel;
    job->code = job->Execute(&job->error);
    if (!channel->Send(job))
      delete job;
    channel->Release();
  }

  /* On the JavaScript thread; `env` is null if the environment ended with jobs in the queue. */
  static void Receive(napi_env env, napi_value, void *context, void *data) {
    Job *job = static_cast<Job *>(data);
    if (env == nullptr)
      delete job;
    else
      static_cast<Jobs *>(context)->Finish(env, job);
  }

  void Finish(Napi::Env env, Job *job) {
    Napi::HandleScope scope(env);
    Remove(&running, job->id);
    threads--;
    if (!job->abandoned)
      working--;
    Settle(env, job);
    Start(env);
  }

  /* Frees the job. The promise of an abandoned job is resolved as well, so that it is not leaked. */
  static void Settle(Napi::Env env, Job *job) {
    (void)napi_resolve_deferred(env, job->deferred, job->abandoned ? env.Undefined() : job->ToValue(env));
    delete job;
  }

  bool OpenChannel(Napi::Env env) {
    if (channel != nullptr)
      return true;
    napi_value name;
    if (napi_create_string_utf8(env, "process-memory-info", NAPI_AUTO_LENGTH, &name) != napi_ok)
      return false;
    auto *opened = new Channel;
    if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, opened, Closed, this, Receive, &function) !=
        napi_ok) {
      delete opened;
      return false;
    }
    opened->Open(function);
    opened->Hold(); /* for Closed() */
    channel = opened;
    return true;
  }

  static void Closed(napi_env, void *data, void *) {
    auto *closed = static_cast<Channel *>(data);
    closed->Close();
    closed->Release();
  }

  /* Keeps the event loop alive while a result is awaited. */
  void KeepAlive(Napi::Env env) {
    if (channel == nullptr)
      return;
    if (working > 0 || waiting != nullptr)
      (void)napi_ref_threadsafe_function(env, function);
    else
      (void)napi_unref_threadsafe_function(env, function);
  }

  static void Append(Job **list, Job *job) {
    while (*list != nullptr)
      list = &(*list)->next;
    job->next = nullptr;
    *list = job;
  }

  static Job *Take(Job **list) {
    Job *job = *list;
    *list = job->next;
    return job;
  }

  static Job *Find(Job *list, double id) {
    while (list != nullptr && list->id != id)
      list = list->next;
    return list;
  }

  static Job *Remove(Job **list, double id) {
    while (*list != nullptr && (*list)->id != id)
      list = &(*list)->next;
    return *list == nullptr ? nullptr : Take(list);
  }

  Channel *channel = nullptr;
  napi_threadsafe_function function = nullptr;
  Job *waiting = nullptr;
  Job *running = nullptr;
  int working = 0;
  int threads = 0;
  double last_id = 0;
};

#endif
