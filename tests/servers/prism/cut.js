'use strict';
// Cuts GitHub's API descriptions down to what our client calls, closes request bodies to unknown
// fields, and lets responses be of GitHub's own media type as well as of the plain one, which is
// all the descriptions declare. Whole, a description takes 17 s to start and 300 MB.
//
//   node cut.js FROM_FOLDER TO_FOLDER
const fs = require('node:fs');
const path = require('node:path');

const WANTED = [
  '/user',
  '/repos/{owner}/{repo}',
  '/repos/{owner}/{repo}/pulls',
  '/repos/{owner}/{repo}/pulls/{pull_number}',
  '/repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
  '/repos/{owner}/{repo}/issues/{issue_number}/labels',
  '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
  '/repos/{owner}/{repo}/commits/{ref}/check-runs',
  '/repos/{owner}/{repo}/commits/{ref}/status',
];
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const VENDOR = 'application/vnd.github+json';

// Every reference below a value, and below what those references lead to.
function reachable(document, start) {
  const found = new Set();
  const open = [start];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || typeof value !== 'object') continue;
    if (typeof value.$ref === 'string' && !found.has(value.$ref)) {
      found.add(value.$ref);
      open.push(follow(document, value.$ref));
    }
    open.push(...Object.values(value));
  }
  return found;
}

function follow(document, reference) {
  const steps = reference.slice(2).split('/').map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((value, step) => value[step], document);
}

function closeBody(operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (schema?.type === 'object' && schema.additionalProperties === undefined) schema.additionalProperties = false;
}

function allowVendorType(response) {
  const content = response.content;
  if (content?.['application/json']) content[VENDOR] = content['application/json'];
}

function cut(document) {
  const { paths, components, webhooks, 'x-webhooks': _, ...rest } = document;
  const missing = WANTED.filter(name => !paths[name]);
  if (missing.length > 0) throw new Error(`not in the description: ${missing.join(', ')}`);
  const kept = Object.fromEntries(WANTED.map(name => [name, paths[name]]));
  const parts = {};
  for (const reference of reachable(document, kept)) {
    const [, , section, name] = reference.split('/');
    (parts[section] ??= {})[name] = components[section][name];
  }
  for (const operation of Object.values(kept).flatMap(item => METHODS.map(method => item[method])).filter(Boolean)) {
    closeBody(operation);
    Object.values(operation.responses).forEach(allowVendorType);
  }
  Object.values(parts.responses ?? {}).forEach(allowVendorType);
  return { ...rest, paths: kept, components: parts };
}

const [from, to] = process.argv.slice(2);
fs.mkdirSync(to, { recursive: true });
for (const name of fs.readdirSync(from)) {
  if (!/^(api\.github\.com|ghes-[\d.]+)\.json$/.test(name) || name.includes('deref')) continue;
  const document = JSON.parse(fs.readFileSync(path.join(from, name), 'utf8'));
  fs.writeFileSync(path.join(to, name), JSON.stringify(cut(document)));
}
