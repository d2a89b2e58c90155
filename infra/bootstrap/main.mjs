// Kept readable for any Node: what follows is loaded only once the version is known to do.
const LEAST_NODE = 20;

async function main([verb, ...args]) {
  if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
    return end(`Switchyard needs Node ${LEAST_NODE} or newer to start, and this is Node ${process.versions.node}.`);
  }
  const { UserError } = await import("./workspace.mjs");
  try {
    if (verb === "start") return await (await import("./start.mjs")).start();
    if (["test", "test-all", "ci"].includes(verb)) return await (await import("./test.mjs")).test(verb, args);
    return end(
      "Usage: npm start, or npm test [-- --fast | --watch] [paths and options for vitest], or npm run test:all",
    );
  } catch (error) {
    if (error instanceof UserError) return end(error.message);
    throw error;
  }
}

function end(sentence) {
  process.stderr.write(`${sentence}\n`);
  return 1;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
