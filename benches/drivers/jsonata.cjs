// Measures expressions with the reference implementation: node FILE CASES
// Prints an array of {name, compiled, full, answer}: microseconds per evaluation of the expression compiled once, and
// compiled each time; `answer` is the compact JSON text of the result.
"use strict";

const { readFileSync } = require("node:fs");
const jsonata = require("jsonata");

const { documents, cases, warm, measured } = JSON.parse(readFileSync(process.argv[2], "utf8"));

// The best of many short batches: what others do to the machine can only make a batch slower.
async function best(work) {
  const batch = async (count) => {
    const start = process.hrtime.bigint();
    for (let at = 0; at < count; at++) await work();
    return Number(process.hrtime.bigint() - start) / 1e3;
  };
  let [count, spent] = [1, 0];
  while (spent < warm * 1e3) {
    const took = await batch(count);
    spent += took;
    if (took < 500) count *= 2;
  }
  let least = Infinity;
  for (spent = 0; spent < measured * 1e3; ) {
    const took = await batch(count);
    spent += took;
    least = Math.min(least, took / count);
  }
  return least;
}

async function main() {
  const figures = [];
  for (const { name, document, text } of cases) {
    const input = documents[document];
    const expression = jsonata(text);
    const answer = JSON.stringify(await expression.evaluate(input));
    const compiled = await best(() => expression.evaluate(input));
    const full = await best(() => jsonata(text).evaluate(input));
    figures.push({ name, compiled, full, answer });
  }
  process.stdout.write(JSON.stringify(figures) + "\n");
}

main().catch((error) => {
  process.stderr.write(String(error) + "\n");
  process.exitCode = 1;
});
