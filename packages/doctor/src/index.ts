export type { Check, Finding, Remedy } from "./check.ts";
export { checks } from "./checks.ts";
export { type Diagnosed, type Diagnosis, type ExamineOptions, examine, suspect } from "./examine.ts";
export { repair, type Treated } from "./repair.ts";
export type { ExaminedCluster, Timing } from "./snapshot.ts";
