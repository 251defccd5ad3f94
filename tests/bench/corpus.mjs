// Writes N entities, one a file, below DIR: services with their APIs, owners and systems, with the comments, block scalars,
// quotes and lists that people write. The same N always gives the same bytes.
//
// With `--resources` it is a central repository of resource types instead: N Resources that become namespaces and DNS records,
// with the Groups, Users and Systems that they need.
//
//   node corpus.mjs DIR N [--resources]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [dir, count] = [process.argv[2], Number(process.argv[3])];

// A small generator with a fixed seed (mulberry32).
let seed = 20261122;
function random(below) {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = list => list[random(list.length)];

const words = 'order payment ledger invoice identity search media stream notify pricing cart shipping tax report metric gateway'.split(' ');
const languages = ['java', 'go', 'python', 'typescript', 'rust'];
const sentence = 'Takes requests from the shops, checks them against the rules of the tenant, and tells the others about it.';
const teams = Math.max(1, Math.floor(count / 50));
const systems = Math.max(1, Math.floor(count / 25));

function metadata(name, i) {
  const lines = [
    'metadata:',
    `  name: ${name}`,
    random(2) ? `  title: "${name.replaceAll('-', ' ')}"` : `  title: ${name}`,
    random(2) ? `  description: |\n    ${sentence}\n    Number ${i}.` : `  description: ${sentence}`,
    '  annotations:',
    `    backstage.io/techdocs-ref: dir:.`,
    `    github.com/project-slug: acme/${name}`,
    `    backstage.io/source-location: url:https://git.example.org/acme/${name}/tree/main/`,
    '  labels:',
    `    tier: "${1 + random(3)}"`,
    `    example.com/domain: ${pick(words)}`,
  ];
  lines.push(random(3) ? `  tags:\n    - ${pick(languages)}\n    - ${pick(words)}` : `  tags: [${pick(languages)}, ${pick(words)}]`);
  lines.push('  links:', `    - url: https://dash.example.org/d/${i}?var=${name}`, '      title: Dashboard', '      icon: dashboard');
  return lines;
}

const group = i => ['kind: Group', ...metadata(`team-${i}`, i), 'spec:', '  type: team', '  children: []'];
const system = i => ['kind: System', ...metadata(`system-${i}`, i), 'spec:', `  owner: team-${random(teams)}`];
const api = i => [
  'kind: API', ...metadata(`api-${i}`, i), 'spec:', '  type: openapi', '  lifecycle: production',
  `  owner: group:default/team-${random(teams)}`, `  system: system-${random(systems)}`, '  definition: |',
  '    openapi: "3.0.0"', '    info:', '      version: 1.0.0', `      title: api-${i}`, '    paths: {}',
];
const component = i => [
  '# Owned by its team; see the runbook before you page anyone.',
  'kind: Component', ...metadata(`${pick(words)}-${i}`, i), 'spec:', '  type: service', `  lifecycle: ${pick(['production', 'experimental'])}`,
  `  owner: team-${random(teams)}`, `  system: system-${random(systems)}`,
];

const user = i => [
  'kind: User', 'metadata:', `  name: user-${i}`, '  annotations:',
  `    graph.microsoft.com/user-id: 00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  'spec:', '  profile:', `    displayName: User ${i}`, `    email: user-${i}@example.com`, `  memberOf: [team-${i % teams}]`,
];
const resource = i => [
  'kind: Resource', 'metadata:', `  name: resource-${i}`, 'spec:', `  type: ${i % 2 ? 'dns-record' : 'kubernetes-namespace'}`,
  `  owner: team-${i % teams}`, `  system: system-${i % systems}`, '  parameters:',
  ...(i % 2 ? [`    hostnames: [host-${i}.example.com]`, `    namespace: resource-${i - 1}`, '    backend: {service: web}'] : ['    access: edit']),
];

function write(folder, name, lines) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.yaml`), `apiVersion: backstage.io/v1alpha1\n${lines.join('\n')}\n`);
}

if (process.argv.includes('--resources')) {
  writeFileSync(join(dir, 'platform.yaml'), 'types:\n  dns-record:\n    zones: [example.com]\n');
  for (let i = 0; i < teams; i++) write(join(dir, 'catalog/teams'), `team-${i}`, group(i));
  for (let i = 0; i < teams * 4; i++) write(join(dir, 'catalog/users'), `user-${i}`, user(i));
  for (let i = 0; i < systems; i++) write(join(dir, 'catalog/systems'), `system-${i}`, system(i));
  for (let i = 0; i < count; i++) write(join(dir, `catalog/part-${Math.floor(i / 50)}`), `resource-${i}`, resource(i));
  process.exit();
}

for (let i = 0; i < count; i++) {
  const make = i < teams ? group : i < teams + systems ? system : i % 5 === 0 ? api : component;
  const at = make === system ? i - teams : i;
  write(join(dir, 'catalog', `part-${Math.floor(i / 50)}`), `entity-${i}`, make(at));
}
