import { dialectNames } from "@switchyard/dialects";
import { MAX_ID_LENGTH, MAX_TEXT_LENGTH } from "@switchyard/protocol";

/** The rules of every namespace. */
export const rules = `\
Events of Socket.IO 4: a message is an event, \`name\` is the event's name, and \`payload\` its first argument (further
arguments are in \`x-further-arguments\`). Clients connect with a stock \`socket.io-client\`.

- **Acknowledgements.** Every event of a client takes an optional callback as its last argument, which is called when
  the effect is durable: \`{ ok: true, … }\`, or \`{ ok: false, error }\`. Without a callback the client receives an error
  as the event \`error\`. \`x-errors\` lists all errors. The connection stays open.
- **Unknown events.** An event that the dialect does not know is refused with \`validation\` if it has a callback; else it
  is ignored. Binary is not understood: an event with attachments is handled as an unknown one.
- **Identity.** The connection identifies the sender. Fields of a payload that name the sender are ignored.
- **Opaque bodies.** Offers, answers and candidates are passed on unread, and arrive equal as JSON.
- **Order.** Events from one sender to one recipient arrive in the order in which they were sent, across nodes and
  reconnects too.
- **Recovery.** A client that reconnects within the grace recovers its session by Socket.IO's own connection state
  recovery: it has the same \`socket.id\`, and receives every missed event once. For that purpose, events that can be
  missed carry one more argument, a string, after those described here. Clients that can't recover connect with
  \`auth: { recovery: false }\` or \`?recovery=off\`: they receive exactly the described arguments, and start anew when they
  return. So do python-socketio and Flutter's client by default, which are known by their requests.
- **Sizes.** Ids and names have at most ${MAX_ID_LENGTH} characters, chat messages ${MAX_TEXT_LENGTH}. Unknown fields
  and further arguments are ignored; optional values may be \`null\`.`;

/** The description of the root namespace. */
export const rootNamespace = `\
The root namespace speaks all dialects, because clients in the field connect here. The dialect of a connection is
decided once: by \`auth.dialect\` or \`?dialect=\` if given (an extension); else an \`auth.token\` means chat; else by the
first event that opens a dialect. Before that every other event is refused with \`not_joined\`, or
ignored if no dialect knows it and it has no callback. From then on the rules of
that dialect's channel apply.`;

/** The query of a connection to the root namespace (an extension). */
export const rootQuery = {
  type: "object",
  properties: { dialect: { type: "string", enum: dialectNames, description: "The dialect of the connection." } },
} as const;
