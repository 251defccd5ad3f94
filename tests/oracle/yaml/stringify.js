// What npm yaml writes.
// Question: any JSON value; answer: the text.
'use strict';

const YAML = require('yaml');

// Lines are cut by hand: readline also cuts at U+2028.
let pending = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', chunk => {
  const lines = (pending + chunk).split('\n');
  pending = lines.pop();
  for (const line of lines) {
    // Files are UTF-8: half a surrogate pair is written as U+FFFD.
    const text = YAML.stringify(JSON.parse(line)).toWellFormed();
    process.stdout.write(`${JSON.stringify(text)}\n`);
  }
});
