// Runs the contestants in turn and prints medians and ratios. See README.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const platform = process.argv[2];
const quick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'platform-bench-'));
const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C' };

function once([program, ...args], cwd = folder) {
  const start = process.hrtime.bigint();
  const ended = spawnSync(program, args, { cwd, env, stdio: 'ignore' });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ended.status ?? ended.signal}`);
  return took;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// Each round runs every contestant once; the first round only warms the caches.
function measure(rounds, contestants) {
  const times = contestants.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    contestants.forEach(({ command, cwd }, i) => {
      const took = once(command, cwd);
      if (round > 0) times[i].push(took);
    });
  }
  return times.map(median);
}

function row(work, contestants, medians) {
  const peer = medians[medians.length - 1];
  contestants.forEach(({ name }, i) => {
    const ratio = i === medians.length - 1 ? '1 (the peer)' : (medians[i] / peer).toPrecision(2);
    console.log(`| ${work} | ${name} | ${medians[i].toFixed(2)} | ${ratio} |`);
  });
}

function corpus(count) {
  const dir = join(folder, `corpus-${count}`);
  mkdirSync(dir);
  once(['node', join(here, 'corpus.mjs'), dir, String(count)]);
  once(['git', 'init', '-q', dir]);
  return dir;
}

console.log(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, node ${process.version}\n`);
console.log('| work | contestant | median ms | ratio |\n|---|---|---|---|');
const start = [
  { name: 'platform --version', command: [platform, '--version'] },
  { name: 'git --version', command: ['git', '--version'] },
];
row('start-up', start, measure(quick ? 20 : 100, start));
for (const count of quick ? [1, 100] : [1, 100, 10_000]) {
  const dir = corpus(count);
  const contestants = [
    { name: 'platform validate', command: [platform, 'validate', '--quiet'], cwd: dir },
    { name: 'cat', command: ['sh', '-c', `find catalog -name '*.yaml' -exec cat {} +`], cwd: dir },
    { name: 'node with catalog-model', command: ['node', join(here, 'peer.mjs'), join(dir, 'catalog')] },
  ];
  row(`validate ${count.toLocaleString('en')}`, contestants, measure(count > 1000 ? 5 : 15, contestants));
}
if (existsSync(folder) && readdirSync(folder).length) rmSync(folder, { recursive: true });
