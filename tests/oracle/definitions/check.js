'use strict';
// Holds objects against the schemas of their CRDs, as @kubernetes-models carries them.
// Reads JSON lines, an object each; answers {"known": whether there is a schema, "problem": what is wrong or null}.
const readline = require('node:readline');

const packages = {
  'argoproj.io': 'argo-cd',
  'cert-manager.io': 'cert-manager',
  'gateway.networking.k8s.io': 'gateway-api',
  'source.toolkit.fluxcd.io': 'flux-cd',
  'kustomize.toolkit.fluxcd.io': 'flux-cd',
};

async function model(object) {
  const [group, version] = object.apiVersion.split('/');
  const name = packages[group];
  if (!name) return undefined;
  try {
    return (await import(`@kubernetes-models/${name}/${group}/${version}/${object.kind}`))[object.kind];
  } catch (error) {
    // a kind that the package does not have
    if (['ERR_MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes(error.code)) return undefined;
    throw error;
  }
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
