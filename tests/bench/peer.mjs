// The peer of `platform validate`: what a Node program does with Backstage's own packages. It checks each entity against the
// policies and the schema of its kind and stops at the first error of each; it knows no lines and no references.
//
//   node peer.mjs DIR
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as model from '@backstage/catalog-model';
import { parseAllDocuments } from 'yaml';

const policy = model.EntityPolicies.allOf([
  new model.SchemaValidEntityPolicy(),
  new model.DefaultNamespaceEntityPolicy(),
  new model.NoForeignRootFieldsEntityPolicy(),
  new model.FieldFormatEntityPolicy(),
]);
const kinds = [
  model.componentEntityV1alpha1Validator, model.apiEntityV1alpha1Validator, model.resourceEntityV1alpha1Validator,
  model.systemEntityV1alpha1Validator, model.domainEntityV1alpha1Validator, model.groupEntityV1alpha1Validator,
  model.userEntityV1alpha1Validator, model.locationEntityV1alpha1Validator,
];

const files = readdirSync(process.argv[2], { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.yaml'))
  .map(entry => join(entry.parentPath ?? entry.path, entry.name));
let entities = 0;
let problems = 0;
for (const file of files) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'), { merge: false })) {
    try {
      if (document.errors.length) throw document.errors[0];
      const entity = await policy.enforce(document.toJSON());
      let known = false;
      for (const kind of kinds) known ||= await kind.check(entity);
      if (!known) throw new Error('unknown kind');
      entities += 1;
    } catch (error) {
      problems += 1;
      console.log(`${file}: ${error.message}`);
    }
  }
}
console.log(`${entities} entities, ${problems} problems`);
process.exitCode = problems ? 1 : 0;
