// What the browser form of the portal sends for a page, and what the server says about values.
// Question: {"schema", "values"}; answer: {"filled", "errors": [property]}
'use strict';

const readline = require('node:readline');
const { getDefaultFormState } = require('@rjsf/utils');
const validator = require('@rjsf/validator-ajv8').default;
const jsonschema = require('jsonschema');

// Keywords of the form would be noise of AJV.
console.warn = () => {};
console.error = () => {};

function filled(schema, values) {
  let state = values;
  // The form computes its state anew after each change until nothing changes.
  for (let round = 0; round < 16; round += 1) {
    const next = getDefaultFormState(validator, schema, state, schema, false, { allOf: 'populateDefaults' });
    if (JSON.stringify(next) === JSON.stringify(state)) break;
    state = next;
  }
  return state;
}

function answer({ schema, values }) {
  let errors;
  try {
    errors = jsonschema.validate(values, schema).errors.map(error => error.stack);
  } catch (error) {
    errors = null;
  }
  try {
    return { filled: filled(schema, values), errors };
  } catch (error) {
    return { filled: null, problem: error.message, errors };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
  }
})();
