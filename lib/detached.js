'use strict';

// Questions on threads of their own, which may take as long as the kernel lets them: a signal or a timeout gives one up.

const binding = require('./binding');

/**
 * Awaits the answer to a question. `start` puts it and returns its promise and, where it can be given up, its `id`.
 * A question that is given up goes on in the kernel, if it has begun; nothing waits for it any more.
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
