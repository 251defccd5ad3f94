// Reads texts, one JSON string a line. Answers each with the verdict of Backstage's catalog backend on
// its documents, from the shipped code of the pinned packages: parser, collector, orchestrator with the
// default processors and policies plus templates, and the search rows of the stitcher.
//
// A verdict is { index, error, step, blocks, ref, relations, hidden }: `error` is null for an entity
// that is accepted, `blocks` says that the error belongs to the file's Location, `hidden` that the
// entity is accepted and never shown.
//
// No file and no network is read: relative paths of placeholders lead to nothing, URLs to `{}`, and
// every target of a Location to an empty file.
const path = require('node:path');

process.removeAllListeners('warning');

// The packages' `exports` hide what is below dist/, so it is loaded by path.
const inside = name => require(path.join(__dirname, 'node_modules/@backstage', name));
const backend = 'plugin-catalog-backend/dist';
const { CatalogBuilder } = inside(`${backend}/service/CatalogBuilder.cjs.js`);
const { DefaultCatalogProcessingOrchestrator } = inside(`${backend}/processing/DefaultCatalogProcessingOrchestrator.cjs.js`);
const { ProcessorOutputCollector } = inside(`${backend}/processing/ProcessorOutputCollector.cjs.js`);
const { buildEntitySearch } = inside(`${backend}/database/operations/stitcher/buildEntitySearch.cjs.js`);
const { ScaffolderEntitiesProcessor } = require('@backstage/plugin-catalog-backend-module-scaffolder-entity-model');
const { parseEntityYaml } = require('@backstage/plugin-catalog-node');
const { stringifyEntityRef } = require('@backstage/catalog-model');
const { ScmIntegrations } = require('@backstage/integration');
const { ConfigReader } = require('@backstage/config');
const { NotFoundError } = require('@backstage/errors');
const yaml = require('yaml');

const REPOSITORY = 'https://github.com/acme/catalog/';
const FILE = { type: 'url', target: `${REPOSITORY}blob/main/a.yaml` };

const reader = {
  async readUrl(url) {
    if (url.startsWith(REPOSITORY)) throw new NotFoundError(`${url} is not there`);
    return { buffer: async () => Buffer.from('{}') };
  },
  async search(url) {
    return { files: [{ url, content: async () => Buffer.from('') }], etag: '1' };
  },
};

const logger = { info() {}, warn() {}, debug() {}, error() {}, child: () => logger };
const config = new ConfigReader({});
const builder = CatalogBuilder.create({ config, reader, logger });
builder.addProcessor(new ScaffolderEntitiesProcessor());
const orchestrator = new DefaultCatalogProcessingOrchestrator({
  processors: builder.buildProcessors(),
  policy: builder.buildEntityPolicy(),
  integrations: ScmIntegrations.fromConfig(config),
  logger,
  rulesEnforcer: { isAllowed: () => true },
  parser: async function* () {},
  allowedLocationTypes: ['url'],
});

const parent = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Location',
  metadata: {
    name: 'the-location-that-leads-here',
    annotations: {
      'backstage.io/managed-by-location': `url:${FILE.target}`,
      'backstage.io/managed-by-origin-location': `url:${FILE.target}`,
    },
  },
  spec: FILE,
};

function message(error) {
  return error.cause ? `${error.message}; ${error.cause.message}` : error.message;
}

// JSON there and back is what the database does with an entity.
const stored = value => JSON.parse(JSON.stringify(value));

async function verdict(value) {
  const collector = new ProcessorOutputCollector(logger, parent);
  collector.generic()({ type: 'entity', location: FILE, entity: value });
  const { errors, deferredEntities } = collector.results();
  if (errors.length > 0) return { error: message(errors[0]), step: 'collect', blocks: true };
  const entity = stored(deferredEntities[0].entity);
  const result = await orchestrator.process({ entity, state: {} });
  if (!result.completedEntity) return { error: message(result.errors[0]), step: 'process', blocks: false };
  const ref = stringifyEntityRef(result.completedEntity);
  const own = result.relations.filter(relation => stringifyEntityRef(relation.source) === ref);
  const relations = [...new Set(own.map(relation => `${relation.type} ${stringifyEntityRef(relation.target)}`))].sort();
  if (!result.ok) return { error: message(result.errors[0]), step: 'location', blocks: true, ref, relations };
  let hidden = false;
  try {
    buildEntitySearch('id', stored(result.completedEntity));
  } catch {
    hidden = true;
  }
  return { error: null, step: 'done', blocks: false, ref, relations, hidden };
}

// The parser yields nothing for null documents: their numbers are found by parsing once more.
function numbers(text) {
  const found = [];
  let documents = [];
  try {
    documents = yaml.parseAllDocuments(text, { merge: false, logLevel: 'silent' });
  } catch {
    return found;
  }
  documents.forEach((document, index) => {
    let isNull = false;
    try {
      isNull = document.errors.length === 0 && document.toJSON() === null;
    } catch {
      // what cannot be made a value is not null
    }
    if (!isNull) found.push(index);
  });
  return found;
}

async function verdicts(text) {
  const order = numbers(text);
  const found = [];
  try {
    for (const step of parseEntityYaml(text, FILE)) {
      const index = order[found.length] ?? 0;
      const answer =
        step.type === 'entity' ? await verdict(step.entity) : { error: message(step.error), step: 'parse', blocks: true };
      found.push({ index, ...answer });
    }
  } catch (error) {
    found.push({ index: order[found.length] ?? 0, error: message(error), step: 'abort', blocks: true });
  }
  return found;
}

// A lone surrogate is no Unicode: whoever reads the answer could not.
const line = value => JSON.stringify(value).replace(/(^|[^\\])((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1$2\\ufffd');

async function main() {
  const lines = require('node:readline').createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const question of lines) {
    process.stdout.write(`${line(await verdicts(JSON.parse(question)))}\n`);
  }
}

main();
