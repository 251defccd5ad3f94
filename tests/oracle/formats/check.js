// Reads one question a line, { format: "sarif" | "xml", text }, and answers with what is wrong: { errors: [...] }.
// For XML the answer also has the elements, each as [name, attributes, text].
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Ajv = require("ajv-draft-04");
const addFormats = require("ajv-formats");
const { SaxesParser } = require("saxes");

const schema = JSON.parse(
  readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
);
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const isSarif = ajv.compile(schema);

function sarif(text) {
  return { errors: isSarif(JSON.parse(text)) ? [] : isSarif.errors.map((e) => `${e.instancePath} ${e.message}`) };
}

function xml(text) {
  const errors = [];
  const elements = [];
  const open = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => errors.push(error.message));
  parser.on("opentag", (tag) => {
    const element = [tag.name, tag.attributes, ""];
    elements.push(element);
    open.push(element);
  });
  parser.on("text", (chunk) => {
    if (open.length) open[open.length - 1][2] += chunk;
  });
  parser.on("closetag", () => open.pop());
  parser.write(text).close();
  return { errors, elements };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { format, text } = JSON.parse(line);
  console.log(JSON.stringify(format === "sarif" ? sarif(text) : xml(text)));
}
