import type { Context } from "@switchyard/core";
import { RequestError } from "@switchyard/protocol";
import type { Held } from "./held.ts";
import type { Hub } from "./hub.ts";
import { ConnectionLost, type Interleaver } from "./interleaver.ts";
import type { Page } from "./page/page.ts";
import { carryOut, type Request } from "./request.ts";

/** Does what a page asks for, and tells it so, after all that it was told before. */
export async function answer(
  context: Context,
  { interleaver, hub }: { readonly interleaver: Interleaver; readonly hub: Hub },
  held: Held,
  page: Page,
  request: Request,
): Promise<void> {
  if (held.released) return;
  let refused = false;
  try {
    await carryOut(context, held.participant, request);
  } catch (error) {
    if (error instanceof ConnectionLost) return; // the client is told to try again
    if (!(error instanceof RequestError)) throw error;
    if (error.body.code === "server_error") return;
    refused = true;
  }
  await interleaver.pass(hub.arrived());
  held.deliverAll();
  if (!held.connection.open) return;
  if (refused) page.refused(request);
  page.answered(request);
}
