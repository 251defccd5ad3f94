// What Backstage makes of a template: its own runner and actions, without a server.
// Question: {"template": PATH, "entity"?: {}, "values": {}, "entities"?: [], "user"?: {}, "environment"?: {}};
//           `entity` stands in for what is in the file.
// Answer: {"ok": true, "output", "files": [{"path", "executable", "symlink", "base64"}]} or
//         {"ok": false, "stage": "template"|"parameters"|"run", "errors": []}
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { pathToFileURL } = require('node:url');

const backend = require('@backstage/plugin-scaffolder-backend');
const { ConfigReader } = require('@backstage/config');
const { ScmIntegrations } = require('@backstage/integration');
const { templateEntityV1beta3Validator } = require('@backstage/plugin-scaffolder-common');
const jsonschema = require('jsonschema');
const yaml = require('yaml');

// The package does not export these two.
const inside = name => path.join(path.dirname(require.resolve('@backstage/plugin-scaffolder-backend')), 'scaffolder', name);
const { createDryRunner } = require(inside('dryrun/createDryRunner.cjs.js'));
const { DefaultTemplateActionRegistry } = require(inside('actions/TemplateActionRegistry.cjs.js'));

const silent = { info() {}, warn() {}, debug() {}, error() {}, child: () => silent };
const metric = { add() {}, record() {}, addCallback() {} };
const metrics = new Proxy({}, { get: () => () => metric });
const remote = () => { throw new Error('nothing remote is fetched here'); };
const FACTORIES = [
  'createFetchPlainAction', 'createFetchPlainFileAction', 'createFetchTemplateAction', 'createFetchTemplateFileAction',
  'createDebugLogAction', 'createWaitAction', 'createCatalogRegisterAction', 'createFetchCatalogEntityAction',
  'createCatalogWriteAction', 'createFilesystemDeleteAction', 'createFilesystemRenameAction', 'createFilesystemReadDirAction',
];

function catalogOf(entities) {
  const ref = e => `${e.kind}:${e.metadata.namespace ?? 'default'}/${e.metadata.name}`.toLowerCase();
  const find = wanted => entities.find(e => ref(e) === wanted.toLowerCase());
  return {
    getEntityByRef: async wanted => find(wanted),
    getEntitiesByRefs: async ({ entityRefs }) => ({ items: entityRefs.map(find) }),
  };
}

async function answer(question) {
  const template = question.entity ?? yaml.parse(fs.readFileSync(question.template, 'utf8'));
  try {
    if (!(await templateEntityV1beta3Validator.check(template))) return { ok: false, stage: 'template', errors: [] };
  } catch (error) {
    return { ok: false, stage: 'template', errors: [error.message] };
  }
  const wrong = [template.spec.parameters ?? []].flat().flatMap(page => jsonschema.validate(question.values, page).errors);
  if (wrong.length) return { ok: false, stage: 'parameters', errors: wrong.map(e => e.stack) };

  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'platform-dryrun-'));
  try {
    // Written before the runner would, which loses modes and links.
    const contents = path.join(work, 'contents');
    fs.cpSync(path.dirname(question.template), contents, { recursive: true, verbatimSymlinks: true });
    const config = new ConfigReader({ scaffolder: { defaultEnvironment: { parameters: question.environment ?? {} } } });
    const integrations = ScmIntegrations.fromConfig(config);
    const registry = new DefaultTemplateActionRegistry({ list: async () => ({ actions: [] }) }, silent);
    const options = { reader: { readTree: remote, readUrl: remote }, integrations, config, catalog: catalogOf(question.entities ?? []), additionalTemplateFilters: {}, additionalTemplateGlobals: {} };
    for (const factory of FACTORIES) registry.register(backend[factory](options));
    const run = createDryRunner({ actionRegistry: registry, integrations, logger: silent, workingDirectory: work, config, metrics, additionalTemplateFilters: {}, additionalTemplateGlobals: {} });
    const steps = template.spec.steps.map((step, index) => ({ ...step, id: step.id ?? `step-${index + 1}`, name: step.name ?? step.action }));
    const result = await run({
      spec: { apiVersion: template.apiVersion, steps, output: template.spec.output ?? {}, parameters: question.values, user: question.user ?? {} },
      templateInfo: { entityRef: 'template:default/dry-run', entity: { metadata: template.metadata }, baseUrl: pathToFileURL(path.join(contents, 'template.yaml')).toString() },
      directoryContents: [],
      secrets: {},
      credentials: {},
    });
    const files = result.directoryContents.map(file => ({ path: file.path, executable: !!file.executable, symlink: !!file.symlink, base64: file.content.toString('base64') }));
    return { ok: true, output: result.output, files };
  } catch (error) {
    return { ok: false, stage: 'run', errors: [`${error.name}: ${error.message}`] };
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
  }
})();
