import { drain, onNode, run } from "./script/moves.ts";
import { wakeUp } from "./stalls.ts";
import type { World } from "./world.ts";

/** Everything that was begun and interrupted is finished by whoever is still there, as it is in a running cluster. */
export async function recover(world: World): Promise<void> {
  for (const node of world.live) wakeUp(world, node);
  await drain(world);
  while (world.unnoticed > 0) world.notice(0);
  for (let i = 0; i < world.live.length; i += 1) onNode(world, i, "renew", (node) => node.renew(world.leaseMs));
  await drain(world);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await reconnect(world);
    await askAgain(world);
    await tidyUp(world);
  }
}

/** The recurring tasks of nodes and matchmakers, after everybody's grace is over, until nothing is left to do. */
async function tidyUp(world: World): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    await world.pass();
    for (const queue of world.queues) {
      if ((await world.store.assignments.open(queue)) === 0) continue;
      run(world, 0, "take over", (matchmaker) => matchmaker.takeOver(queue));
      await drain(world);
      run(world, 1, "take", (matchmaker) => matchmaker.take(queue));
      await drain(world);
    }
    run(world, round, "sweep", (matchmaker) => matchmaker.sweep());
    for (let i = 0; i < world.live.length; i += 1) {
      onNode(world, i, "disown", (node) => node.reconcileIndex());
      onNode(world, i, "finalize", (node) => node.endDueSessions());
    }
    await drain(world);
    for (const queue of world.queues) run(world, round, "announce", (matchmaker) => matchmaker.announce(queue));
    await drain(world);
  }
}

/** Who may meet does, until nobody is left who may. */
export async function pairEveryone(world: World): Promise<void> {
  for (const queue of world.queues) {
    let paired = true;
    while (paired) {
      run(world, 0, "commit", async (matchmaker) => {
        paired = await matchmaker.commit(queue, 0, true);
      });
      await drain(world);
    }
  }
  await tidyUp(world);
}

/** Everyone leaves: some in good order, the others lose their node. */
export async function empty(world: World): Promise<void> {
  const [first] = world.live;
  if (first) await world.killNode(first);
  for (const page of world.pages) world.hangUp(page, true);
  while (world.unnoticed > 0) world.notice(0);
  await drain(world);
  await tidyUp(world);
}

/** Pages whose connection was lost come back, but for every third. */
async function reconnect(world: World): Promise<void> {
  for (const [i, page] of world.pages.entries()) {
    const node = world.live[i % world.live.length];
    if (!page.connected && page.session && i % 3 !== 2 && node) world.connect(page, node);
  }
  await drain(world);
}

/** Clients that were not answered ask again. */
async function askAgain(world: World): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    for (const page of world.pages) {
      const node = page.connection && world.nodeOf.get(page.connection);
      for (const request of page.connected ? page.unanswered : []) node?.ask(page, request);
    }
    await drain(world);
  }
}
