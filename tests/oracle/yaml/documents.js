// Reads texts, one JSON string a line. Answers each with what Backstage's catalog makes of it:
// a list of documents, each { error } or { json }, and { thrown } at the end where the reader
// stops in the middle of the file.
const yaml = require('yaml');

process.removeAllListeners('warning');

function read(document) {
  if (document.errors.length > 0) {
    const error = document.errors[0];
    const start = error.linePos?.[0];
    return { error: error.code, message: error.message.split('\n')[0], line: start?.line, column: start?.col };
  }
  const json = document.toJSON();
  return { json: JSON.parse(JSON.stringify(json === undefined ? null : json)) };
}

function documents(text) {
  const found = [];
  try {
    for (const document of yaml.parseAllDocuments(text, { merge: false, logLevel: 'silent' })) {
      found.push(read(document));
    }
  } catch (error) {
    found.push({ thrown: error.message });
  }
  return found;
}

// A lone surrogate is no Unicode: whoever reads the answer could not.
function line(value) {
  return JSON.stringify(value).replace(/(^|[^\\])((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1$2\\ufffd');
}

let pending = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', chunk => {
  const lines = (pending + chunk).split('\n');
  pending = lines.pop();
  for (const question of lines) {
    process.stdout.write(`${line(documents(JSON.parse(question)))}\n`);
  }
});
