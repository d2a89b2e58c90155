import { randomUUID } from "node:crypto";
import { startCluster, type TestCluster } from "@switchyard/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

const [ADMIN_TOKEN, OBSERVER_TOKEN] = ["for-operators", "for-observers"];
const rules = { perDay: 1000, kept: 1000, retentionMs: 60_000 };
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ matchmakers: 0, environment: { ...patient, ADMIN_TOKEN, OBSERVER_TOKEN } });
  return cluster.stop;
});

/** All that there may be in an answer. */
interface Answer {
  readonly id: string;
  readonly code: string;
  readonly reports: readonly { readonly id: string }[];
  readonly entries: readonly object[];
  readonly nextCursor?: string;
}

async function ask(method: "GET" | "POST" | "DELETE", path: string, body?: object, token = ADMIN_TOKEN) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "x-operator": "max" };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(`${cluster.node(0).url}/api/admin/${path}`, init);
  return { status: response.status, body: (await response.json()) as Answer };
}

/** Keeps a report, as a node does for `report_user`. */
async function reported(id: string = randomUUID()) {
  const report = {
    ...{ id, at: 1_790_000_000_000, dialect: "rooms", room: "rooms:standup", words: "look" },
    category: "spam" as const,
    reporter: { session: "s1", user: "ann" },
    reported: { session: "s2", user: "bob", name: "Bob" },
  };
  const message = { id: "5-0", at: 5, session: "s2", user: "bob", name: "Bob", text: "buy this" };
  await cluster.store.reports.keep(report, [message], undefined, rules);
  return { ...report, at: "2026-09-21T14:13:20.000Z", message: { ...message, at: "1970-01-01T00:00:00.005Z" } };
}
const verdict = { verdict: "upheld", reason: "It is as she says." };

test("a report is listed, shown with its evidence, and resolved, with an entry in the audit log", async () => {
  const { message, ...report } = await reported();
  expect((await ask("GET", "reports")).body.reports).toContainEqual(report);
  const shown = await ask("GET", `reports/${report.id}`);
  const record = { made: expect.any(Number), upheld: expect.any(Number), dismissed: expect.any(Number) };
  expect([shown.status, shown.body]).toEqual([200, { ...report, messages: [message], record }]);
  const resolved = await ask("POST", `reports/${report.id}/resolution`, verdict);
  const resolution = { ...verdict, by: "max", at: expect.stringMatching(/Z$/) };
  expect([resolved.status, resolved.body]).toEqual([200, { ...report, resolution }]);
  expect((await ask("GET", "reports")).body.reports.map(({ id }) => id)).not.toContain(report.id);
  expect((await ask("GET", "reports?status=all")).body.reports).toContainEqual({ ...report, resolution });
  const { at: _, words: __, ...noted } = report;
  const [entry] = (await ask("GET", "audit")).body.entries;
  expect(entry).toMatchObject({ action: "uphold", by: "max", reason: verdict.reason, report: noted });
});

test("100 a page, to the last one", async () => {
  const ids = new Set<string>();
  for (let i = 0; i < 105; i += 1) ids.add((await reported()).id);
  const listed: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const { body }: { body: Answer } = await ask("GET", `reports${cursor === "" ? "" : `?cursor=${cursor}`}`);
    expect(body.reports.length).toBeLessThanOrEqual(100);
    listed.push(...body.reports.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  expect(new Set(listed).size).toBe(listed.length);
  expect([...ids].every((id) => listed.includes(id))).toBe(true);
  expect((await ask("GET", "reports?cursor=none")).status).toBe(400);
});

describe("refused", () => {
  test("without an operator's token everything, with the observers' one what changes something", async () => {
    const { id } = await reported();
    const requests = [
      ["GET", "reports"],
      ["GET", `reports/${id}`],
      ["POST", `reports/${id}/resolution`, verdict],
      ["DELETE", "messages/1-0?room=chat:all&reason=x"],
    ] as const;
    for (const [method, path, body] of requests) {
      expect((await ask(method, path, body, "wrong")).status, path).toBe(401);
      expect((await ask(method, path, body, OBSERVER_TOKEN)).status, path).toBe(method === "GET" ? 200 : 403);
    }
    expect((await ask("GET", "reports")).body.reports.map((report) => report.id)).toContain(id);
  });

  test("the removal of a message that is not there, and one without a room or a reason", async () => {
    for (const room of ["chat:all", "rooms:none", "none"]) {
      expect((await ask("DELETE", `messages/1-0?room=${room}&reason=x`)).body.code).toBe("not_found");
    }
    for (const query of ["room=chat:all", "reason=x", "room=chat:all&reason=%0A"]) {
      expect((await ask("DELETE", `messages/1-0?${query}`)).body.code).toBe("validation");
    }
    expect((await ask("GET", "audit")).body.entries).not.toContainEqual(
      expect.objectContaining({ action: "remove-message" }),
    );
  });

  test("what there is not, and what is no decision", async () => {
    const { id } = await reported();
    expect((await ask("GET", "reports/none")).body.code).toBe("not_found");
    expect((await ask("POST", "reports/none/resolution", verdict)).body.code).toBe("not_found");
    for (const wrong of [{}, { verdict: "upheld" }, { ...verdict, verdict: "open" }, { ...verdict, reason: "\n" }]) {
      expect((await ask("POST", `reports/${id}/resolution`, wrong)).body.code).toBe("validation");
    }
    expect((await ask("GET", "reports?status=closed")).status).toBe(400);
  });
});
