// Runs a machine on its input, without validation, and prints the output: node FILE MACHINE INPUT
"use strict";

const { readFileSync } = require("node:fs");
const { StateMachine } = require("aws-local-stepfunctions");

const [machine, input] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));

async function main() {
  const stateMachine = new StateMachine(machine, { validationOptions: { noValidate: true } });
  const output = await stateMachine.run(input).result;
  process.stdout.write(JSON.stringify(output) + "\n");
}

main().catch((error) => {
  process.stderr.write(String(error) + "\n");
  process.exitCode = 1;
});
