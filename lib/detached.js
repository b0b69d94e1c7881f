'use strict';

// Runs queries that may block in the kernel on dedicated threads. A signal or a timeout abandons a query.

const binding = require('./binding');

/**
 * Awaits the result of a query. `start` starts it and returns its promise and, if it can be abandoned, its `id`.
 * An abandoned query that has begun continues in the kernel, but nothing waits for it.
 */
async function answerOf(start, { signal, timeout }) {
  signal?.throwIfAborted();
  const { promise, id } = start();
  if (signal === undefined && timeout === undefined) return promise;
  return new Promise((resolve, reject) => {
    let timer;
    const end = (settle) => (value) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle(value);
    };
    const giveUp = end((reason) => {
      if (id !== undefined) binding.abandon(id);
      reject(reason);
    });
    const abort = () => giveUp(signal.reason);
    signal?.addEventListener('abort', abort);
    if (timeout !== undefined) {
      const late = () => giveUp(new DOMException('The operation timed out', 'TimeoutError'));
      timer = setTimeout(late, timeout);
    }
    promise.then(end(resolve), end(reject));
  });
}

module.exports = { answerOf };
