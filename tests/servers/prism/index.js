'use strict';
// Prism as a proxy: it holds each request and each answer against a published API description, and
// answers with the violation instead where there is one (422 for a request, 500 for an answer).
//
//   node index.js DESCRIPTION UPSTREAM      for example: api.github.com http://127.0.0.1:4620
//
// Once it listens it prints one line of JSON, {"url"}, and it ends when its standard input closes.
const { spawn } = require('node:child_process');
const net = require('node:net');
const path = require('node:path');

const [description, upstream] = process.argv.slice(2);

async function freePort() {
  const server = net.createServer();
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise(done => server.close(done));
  return port;
}

async function listening(port) {
  for (;;) {
    const connected = await new Promise(done => {
      const socket = net.connect(port, '127.0.0.1', () => done(true));
      socket.on('connect', () => socket.destroy());
      socket.on('error', () => done(false));
    });
    if (connected) return;
    await new Promise(done => setTimeout(done, 50));
  }
}

async function main() {
  const port = await freePort();
  const prism = spawn(
    process.execPath,
    [
      path.join(__dirname, 'node_modules/@stoplight/prism-cli/dist/index.js'),
      'proxy', '--errors', '-h', '127.0.0.1', '-p', String(port),
      path.join(__dirname, 'descriptions', `${description}.json`), upstream,
    ],
    { stdio: ['ignore', 2, 2] },
  );
  prism.on('exit', code => process.exit(code ?? 1));
  process.stdin.on('end', () => { prism.kill(); process.exit(0); }).resume();
  await listening(port);
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
}

main();
