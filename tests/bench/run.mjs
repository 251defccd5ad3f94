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
const env = {
  PATH: process.env.PATH, HOME: folder, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com',
};
const cold = { PLATFORM_CACHE: 'off' };
const count = number => number.toLocaleString('en');

function spawn([program, ...args], cwd, more, stderr = 'ignore') {
  const ended = spawnSync(program, args, { cwd, env: { ...env, ...more }, stdio: ['ignore', 'ignore', stderr] });
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${ended.status ?? ended.signal ?? ended.error}`);
  return ended;
}

function once(command, cwd = folder, more = {}) {
  const start = process.hrtime.bigint();
  spawn(command, cwd, more);
  return Number(process.hrtime.bigint() - start) / 1e6;
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
    contestants.forEach(({ command, cwd, more }, i) => {
      const took = once(command, cwd, more);
      if (round > 0) times[i].push(took);
    });
  }
  return times.map(median);
}

// The last contestant is the peer.
function row(work, rounds, contestants) {
  const medians = measure(rounds, contestants);
  const peer = medians.at(-1);
  contestants.forEach(({ name }, i) => {
    const ratio = contestants.length === 1 ? '' : i === medians.length - 1 ? '1 (the peer)' : (medians[i] / peer).toPrecision(2);
    console.log(`| ${work} | ${name} | ${medians[i].toFixed(2)} ms | ${ratio} |`);
  });
}

function corpus(number, ...options) {
  const dir = join(folder, `corpus-${number}${options.join('')}`);
  mkdirSync(dir);
  once(['node', join(here, 'corpus.mjs'), dir, String(number), ...options]);
  once(['git', 'init', '-q', dir]);
  return dir;
}

// Runs until the files are old enough to be remembered.
function remember(dir) {
  const until = Date.now() + 60_000;
  while (!existsSync(join(dir, '.git/platform/entities'))) {
    once([platform, 'validate', '--quiet'], dir);
    if (Date.now() > until) throw new Error('nothing is remembered');
  }
}

const cat = cwd => ({ name: '`cat` of the files', command: ['sh', '-c', `find catalog -name '*.yaml' -exec cat {} +`], cwd });
const all = (name, cwd, more) => ({ name, command: [platform, 'validate', '--quiet'], cwd, more });

function startUp() {
  row('start-up', quick ? 20 : 100, [
    { name: '`platform --version`', command: [platform, '--version'] },
    { name: '`git --version`', command: ['git', '--version'] },
  ]);
}

// Validates one file after the other, each checked against the whole repository.
function oneFile(number) {
  const cwd = corpus(number);
  once(['git', 'add', '-A'], cwd);
  once(['git', 'commit', '-qm', 'all'], cwd);
  remember(cwd);
  const command = [platform, 'validate', '--quiet', 'catalog/part-1/entity-60.yaml'];
  row(`one file of ${count(number)}`, quick ? 5 : 21, [
    { name: '`platform validate FILE`, warm', command, cwd },
    { name: '`platform validate FILE`, cold', command, cwd, more: cold },
    { name: '`git status`', command: ['git', 'status'], cwd },
  ]);
  return cwd;
}

function everything(number, cwd, rounds, withNode) {
  const peer = { name: 'Node, `@backstage/catalog-model`', command: ['node', join(here, 'peer.mjs'), join(cwd, 'catalog')], cwd };
  const ours = [all('`platform validate`, warm', cwd), all('`platform validate`, cold', cwd, cold)];
  row(`all of ${count(number)}`, rounds, withNode ? [...ours, cat(cwd), peer] : [...ours, cat(cwd)]);
}

// The most memory that a run took, as the system counts it.
function memory(number, cwd) {
  for (const [name, more] of [['warm', {}], ['cold', cold]]) {
    const { stderr } = spawn(['/usr/bin/time', '-f', '%M', platform, 'validate', '--quiet'], cwd, more, 'pipe');
    console.log(`| peak memory, ${count(number)} | \`platform validate\`, ${name} | ${(Number(stderr) / 1024).toFixed(0)} MiB | |`);
  }
}

function render(number) {
  const cwd = corpus(number, '--resources');
  row(`render ${count(number)}`, quick ? 1 : 5, [{ name: '`platform render`', command: [platform, 'render'], cwd }]);
}

console.log(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, node ${process.version}\n`);
console.log('| work | contestant | median | ratio |\n|---|---|---|---|');
try {
  startUp();
  const [few, many] = quick ? [100, 1000] : [10_000, 100_000];
  const repository = oneFile(few);
  everything(few, repository, quick ? 3 : 5, true);
  const large = corpus(many);
  remember(large);
  everything(many, large, quick ? 1 : 5, false);
  if (existsSync('/usr/bin/time')) memory(many, large);
  else console.error('SKIPPED: peak memory: there is no /usr/bin/time');
  render(few);
} finally {
  if (existsSync(folder) && readdirSync(folder).length) rmSync(folder, { recursive: true });
}
