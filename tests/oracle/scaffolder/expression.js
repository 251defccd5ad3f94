// What Backstage's template engine makes of a template.
// Question: {"template", "scope", "mode": "value" | "text", "options", "failed"}
// Answer: {"value"} | {"undefined": true} | {"error"}
'use strict';

const path = require('node:path');
const { createTemplateRenderer } = require('nunjitsu');
const { ScmIntegrations } = require('@backstage/integration');
const { ConfigReader } = require('@backstage/config');

const backend = path.join(__dirname, 'node_modules/@backstage/plugin-scaffolder-backend/dist');
const { createDefaultFilters } = require(path.join(backend, 'lib/templating/filters/createDefaultFilters.cjs.js'));
const templating = require(path.join(backend, 'util/templating.cjs.js'));

const integrations = ScmIntegrations.fromConfig(new ConfigReader({}));
const { filters } = templating.collectTemplateCapabilities({
  filters: templating.convertFiltersToRecord(createDefaultFilters({ integrations })),
});

const renderers = new Map();

function renderer(options, failed) {
  const key = JSON.stringify([options, failed]);
  if (!renderers.has(key)) {
    const globals = failed === undefined ? {} : { always: () => true, failure: () => failed };
    renderers.set(key, createTemplateRenderer({ allowRegexExecution: true, filters, globals, ...options }));
  }
  return renderers.get(key);
}

function answer({ template, scope, mode, options = {}, failed }) {
  const engine = renderer(options, failed);
  try {
    if (mode === 'text') return { value: engine.render(template, engine.prepareContext(scope)) };
    const value = engine.renderValue(template, engine.prepareContext(scope));
    return value === undefined ? { undefined: true } : { value };
  } catch (error) {
    return { error: String(error.message) };
  }
}

// Files are UTF-8: half a surrogate pair is written as U+FFFD.
const wellFormed = (_key, value) => (typeof value === 'string' ? value.toWellFormed() : value);

// Lines are cut by hand: readline also cuts at U+2028.
let pending = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', chunk => {
  const lines = (pending + chunk).split('\n');
  pending = lines.pop();
  for (const line of lines) process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)), wellFormed)}\n`);
});
