export { ChaosReport, textOfChaos } from "./report.ts";
export { type ChaosOptions, runChaos } from "./run/chaos.ts";
export { type Experiment, runExperiment } from "./run/experiment.ts";
export { type Fault, type FaultKind, faultKinds, faultNames, victimOf } from "./schedule/fault.ts";
export { type ComposeOrders, ComposeTarget } from "./target/compose.ts";
export { type LabMessage, type LabOrder, runInLab } from "./target/lab.ts";
export { openLocalCluster } from "./target/local-cluster.ts";
export { OwnCluster } from "./target/own-cluster.ts";
export { FaultError, type Inject, type Injected, lasting, NoVictimError, type Target } from "./target/target.ts";
