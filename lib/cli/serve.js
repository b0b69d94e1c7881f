'use strict';

// memory-info serve: serves the memory of process trees to Prometheus over HTTP.

const http = require('node:http');
const { BlockList } = require('node:net');
const { parseArgs } = require('node:util');

const { CONTENT_TYPE, toText } = require('../prometheus');
const { TreeMetrics } = require('../exporters/tree-metrics');
const { complain } = require('./output');
const { parseInteger } = require('./units');

const USAGE = `Usage: memory-info serve [pid…] [options]

Serves the memory of processes and their descendants, or of all visible processes if no pid is given, as metrics for
Prometheus at /metrics.

  --host HOST        address to listen on, 127.0.0.1 by default
  --port PORT        port to listen on, 9464 by default; 0 chooses a free port
  --footprint        also read footprints; slow for large processes
  --max-groups N     number of programs with series of their own, 20 by default
  -h, --help         show this help

Processes are grouped by program name. Exits with 1 if a pid does not exist or the address cannot be used.
`;

const OPTIONS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '9464' },
  footprint: { type: 'boolean', default: false },
  'max-groups': { type: 'string', default: '20' },
  help: { type: 'boolean', short: 'h', default: false },
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

const isLoopback = ({ address, family }) => loopback.check(address, family.toLowerCase());

function parse(args) {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  return {
    help: values.help,
    host: values.host,
    port: parseInteger(values.port, 'port', 65535),
    metrics: {
      roots:
        positionals.length > 0
          ? positionals.map((text) => parseInteger(text, 'pid', 2 ** 32 - 1))
          : 'all',
      footprint: values.footprint,
      maxGroups: parseInteger(values['max-groups'], 'number of groups', Number.MAX_SAFE_INTEGER),
    },
  };
}

async function answer(metrics, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
  } else if (request.url.split('?')[0] !== '/metrics') {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
  } else {
    const text = toText(await metrics.read());
    response.writeHead(200, { 'content-type': CONTENT_TYPE }).end(text);
  }
}

function createServer(metrics) {
  return http.createServer((request, response) => {
    answer(metrics, request, response).catch((error) => {
      complain(error.message);
      process.exitCode = 0; // the next scrape may succeed
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
    });
  });
}

function announce(address) {
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  const warning = isLoopback(address)
    ? ''
    : 'memory-info: other machines can read the names, the number and the memory of processes on this one\n';
  process.stderr.write(
    `memory-info: metrics at http://${host}:${address.port}/metrics\n${warning}`,
  );
}

module.exports = async function serve(args) {
  const { help, host, port, metrics } = parse(args);
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const server = createServer(new TreeMetrics(metrics));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  announce(server.address());
};
