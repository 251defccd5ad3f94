'use strict';
// Holds objects of Argo CD and Flux against the schemas of their CRDs, as @kubernetes-models carries them.
// Reads JSON lines, an object each; answers {"known": whether there is a schema, "problem": what is wrong or null}.
const readline = require('node:readline');

const packages = {
  'argoproj.io': 'argo-cd',
  'source.toolkit.fluxcd.io': 'flux-cd',
  'kustomize.toolkit.fluxcd.io': 'flux-cd',
};

async function model(object) {
  const [group, version] = object.apiVersion.split('/');
  const name = packages[group];
  if (!name) return undefined;
  return (await import(`@kubernetes-models/${name}/${group}/${version}/${object.kind}`))[object.kind];
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const object = JSON.parse(line);
    const Model = await model(object);
    let problem = null;
    try {
      if (Model) new Model(object).validate();
    } catch (error) {
      problem = error.message;
    }
    process.stdout.write(`${JSON.stringify({ known: Boolean(Model), problem })}\n`);
  }
}

main();
