import { expectNothingMore, startCluster, type TestClient, type TestCluster, until } from "@switchyard/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { patient } from "../patient.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster({ environment: patient });
  return cluster.stop;
});
afterEach(() => cluster.empty());

const joinVideo = (client: TestClient, more: object = {}) =>
  client.request("join_video_queue", { userId: client.user, platform: "web", ...more });

describe.each(["/random", "/"])("the newer server's names at %s", (namespace) => {
  const two = () => Promise.all([cluster.connect(0, { namespace }), cluster.connect(1, { namespace })]);

  test("join_video_queue is join for video: it opens, and meets those who came by join", async () => {
    const [ann, bob] = await two();
    expect(await joinVideo(ann)).toEqual({ ok: true });
    await ann.receive("waiting_for_partner");
    expect(await bob.join({ type: "video" })).toEqual({ ok: true });
    expect(await ann.receive("partner_found")).toMatchObject({ partnerId: bob.user, type: "video" });
    expect(await bob.receive("partner_found")).toMatchObject({ partnerId: ann.user, type: "video" });
    await expectNothingMore(ann, bob);
  });

  test("the platform may be missing, or anything; a user may not be", async () => {
    const [ann, bob] = await two();
    expect((await ann.request("join_video_queue", { platform: "web" })).error?.code).toBe("validation");
    expect(await joinVideo(ann, { platform: { any: "thing" } })).toEqual({ ok: true });
    await ann.receive("waiting_for_partner");
    expect(await joinVideo(bob, { platform: undefined })).toEqual({ ok: true });
    for (const client of [ann, bob]) await client.receive("partner_found");
    await expectNothingMore(ann, bob);
  });

  test("next_partner is next, leave_video is leave_room; neither needs a payload", async () => {
    const [ann, bob] = await two();
    for (const event of ["next_partner", "leave_video"]) {
      expect((await ann.request(event)).error?.code, event).toBe("not_joined");
    }
    await joinVideo(ann);
    await ann.receive("waiting_for_partner");
    await joinVideo(bob);
    for (const client of [ann, bob]) await client.receive("partner_found");
    expect(await ann.request("next_partner")).toEqual({ ok: true });
    await ann.receive("waiting_for_partner");
    await bob.receive("partner_disconnected");
    const cem = await cluster.connect(1, { namespace });
    await joinVideo(cem);
    for (const client of [ann, cem]) await client.receive("partner_found");
    expect(await cem.request("leave_video")).toEqual({ ok: true });
    await ann.receive("partner_disconnected");
    const codeOf = async () => (await cem.request("leave_video")).error?.code;
    await until("its node to know that it has left", async () => (await codeOf()) === "room_not_found");
    await expectNothingMore(ann, bob, cem);
  });
});
