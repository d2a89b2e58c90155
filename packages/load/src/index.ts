export { LoadReport } from "./report/document.ts";
export { junitOf } from "./report/junit.ts";
export { textOf } from "./report/text.ts";
export { verdicts } from "./report/verdict.ts";
export { runLoad, UnreachableError } from "./run/load.ts";
export { Marks } from "./run/marks.ts";
export { seeded } from "./run/stage.ts";
export { readScenario, readyScenarios, ScenarioError, textOfScenario } from "./scenario/read.ts";
