import { dialectNames } from "@switchyard/dialects";
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from "@switchyard/protocol";

/** What holds at every namespace. */
export const rules = `\
Events of Socket.IO 4: a message is an event, \`name\` is the event's name, and \`payload\` its first argument (what comes after
that is in \`x-further-arguments\`). Clients connect with a stock \`socket.io-client\`.

- **Acknowledgements.** Every event of a client takes an optional callback as last argument, called when the effect is durable:
  \`{ ok: true, … }\`, or \`{ ok: false, error }\`. Without a callback a refusal comes as the event \`error\`. \`x-errors\` is the list
  of all refusals. The connection stays open.
- **Who is who.** The sender is known from its connection. What a payload says about it is ignored.
- **Opaque bodies.** Offers, answers and candidates pass through unread, equal as JSON.
- **Order.** What one sender sends to one recipient arrives in that order, also across nodes and reconnects.
- **Coming back.** A dropped connection that returns within the grace is recovered by Socket.IO's own connection state recovery:
  the same \`socket.id\`, and every event that was missed, once. Events that can be missed carry one more argument for that,
  a string, after those described here.
- **Sizes.** Ids and names have at most ${MAX_ID_LENGTH} characters, chat texts ${MAX_TEXT_LENGTH}. Unknown fields and further arguments are ignored;
  optional values may be \`null\`.`;

/** What the root namespace is. */
export const rootNamespace = `\
Speaks all dialects, because clients in the field connect here. Which one a connection speaks is decided once: by \`auth.dialect\`
or \`?dialect=\` if given (an extension); else an \`auth.token\` means chat; else by the first event that opens a dialect. Before
that every other event is refused with \`not_joined\`. From then on everything is as in that dialect's channel.`;

/** What a connection to the root namespace may say of itself (an extension). */
export const rootQuery = {
  type: "object",
  properties: { dialect: { type: "string", enum: dialectNames, description: "Which dialect the connection speaks." } },
} as const;
