import { stopWithParent } from "@switchyard/runtime";
import { Talker } from "@switchyard/testkit";

/** A host of clients: each message names what one more client connects to, and in which way. It is paired with the client that waits. */
interface Invitation {
  readonly url: string;
  readonly transports: string[];
}

process.on("message", ({ url, transports }: Invitation) => {
  new Talker(url, transports);
});
process.send?.("ready");
stopWithParent();
process.channel?.ref();
