'use strict';

// An Express server as a child process. With LEAK it leaks 100 KB per hundred requests.

const express = require('express');

const leaks = Boolean(process.env.LEAK);
const forgotten = [];
const app = express();
app.use(express.json());
app.get('/items/:id', (request, response) => {
  if (leaks) forgotten.push(Buffer.alloc(1000, request.params.id));
  response.json({ id: request.params.id, tags: ['a', 'b', 'c'], at: Date.now() });
});
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
