import { startCluster, type TestCluster, until } from "@switchyard/testkit";
import { beforeAll, expect, test } from "vitest";
import { openBearer, tokenFor } from "../admission/tokens.ts";
import { patient } from "../patient.ts";

const secret = "a secret that these tests alone know";
let cluster: TestCluster;
beforeAll(async () => {
  const environment = { ...patient, TOKEN_MODE: "required", JWT_SECRET: secret };
  cluster = await startCluster({ nodes: 1, matchmakers: 0, environment });
  return cluster.stop;
});

const good = (sub: string, lifetime?: number) => tokenFor(secret, { sub }, lifetime);
const resumes = (outcome: string) => cluster.node(0).metric(`switchyard_resumes_total\\{outcome="${outcome}".*\\}`);

async function connected() {
  const bearer = openBearer(cluster, 0, undefined);
  bearer.token = good(bearer.client.user);
  await bearer.client.connected();
  return bearer;
}

test("a recovery that the token check refuses is not counted as one that was granted", async () => {
  const ann = await connected();
  ann.token = good(ann.client.user, -1);
  ann.client.cut();
  await until("a refusal", () => ann.errors[0]);
  expect([await resumes("token_expired"), await resumes("resumed")]).toEqual([1, 0]);
  ann.token = good(ann.client.user);
  ann.client.socket.connect();
  await ann.client.connected(2);
  expect(ann.client.socket.recovered).toBe(true);
  expect([await resumes("token_expired"), await resumes("resumed")]).toEqual([1, 1]);
  expect(await cluster.node(0).metric("switchyard_missed_events_count")).toBe(1);
});

test("each reason for which a session is not given back is counted as itself", async () => {
  const ann = await connected();
  const { _pid: pid } = ann.client.socket as unknown as { _pid: string };
  const [session] = pid.split(".") as [string];
  const wrong = {
    wrong_secret: `${session}.${"A".repeat(22)}`,
    unknown: `${"B".repeat(session.length)}.${"A".repeat(22)}`,
    malformed: "not one of ours",
  };
  for (const [outcome, shown] of Object.entries(wrong)) {
    const before = await resumes(outcome);
    const other = openBearer(cluster, 0, good("somebody"), { auth: { pid: shown, offset: "0" } });
    await other.client.connected();
    expect([outcome, await resumes(outcome)]).toEqual([outcome, before + 1]);
  }
});

test("sessions that began are counted by dialect, and requests with an unknown sid", async () => {
  const opened = () => cluster.node(0).metric('switchyard_sessions_opened_total\\{dialect="random".*\\}');
  const before = await opened();
  await connected();
  expect(await opened()).toBe(before + 1);
  const unknown = () => cluster.node(0).metric('switchyard_transport_refusals_total\\{reason="unknown_sid".*\\}');
  expect(await unknown()).toBe(0);
  const answer = await fetch(`${cluster.node(0).url}/socket.io/?EIO=4&transport=polling&sid=gone`);
  expect([answer.status, await unknown()]).toEqual([400, 1]);
});

test("a node says which build it is, and that it is ready and not draining", async () => {
  const node = cluster.node(0);
  expect(await node.metric('switchyard_build_info\\{version="\\d+\\.\\d+\\.\\d+".*service="signaling".*\\}')).toBe(1);
  expect([await node.metric("switchyard_ready"), await node.metric("switchyard_draining")]).toEqual([1, 0]);
});
