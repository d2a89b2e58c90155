import { type IncomingMessage, request as openRequest, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Backend } from "./backend.ts";
import { headersForClient, headersForNode } from "./headers.ts";
import { refuse } from "./refuse.ts";
import { pathOf } from "./target.ts";

/**
 * `refused`: the node could not be reached and nothing was sent, so that another may be tried. `over`: anything else.
 */
export type Outcome = "over" | "refused";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** How long a node may be silent. */
  readonly timeoutMs: number;
  /** Called with the node's answer before it is passed on. */
  readonly onAnswer: (answer: IncomingMessage) => void;
}

/** Passes one HTTP request to a node and its answer back, both as they come; ends when both are through. */
export function forward({ request, response, timeoutMs, onAnswer }: Exchange, backend: Backend): Promise<Outcome> {
  return new Promise((settle) => {
    let sent = false;
    let answered = false;
    let silent = false;
    const { method } = request;
    const path = pathOf(request.url ?? "");
    const { host, port } = backend.address;
    const headers = headersForNode(request);
    const toNode = openRequest({ host, port, method, path, headers, agent: backend.agent, timeout: timeoutMs });
    const clientGone = () => toNode.destroy();
    response.once("close", clientGone);
    toNode.once("socket", (socket) => {
      // nothing is read from the client before the node has taken the connection: so another node can still be tried
      const send = () => {
        sent = true;
        request.pipe(toNode);
      };
      if (socket.connecting) socket.once("connect", send);
      else send();
    });
    toNode.once("timeout", () => {
      silent = true;
      toNode.destroy(new Error("silent"));
    });
    toNode.once("response", (answer) => {
      answered = true;
      onAnswer(answer);
      if (response.destroyed) {
        answer.destroy();
        settle("over");
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersForClient(answer));
      response.flushHeaders();
      pipeline(answer, response, () => settle("over"));
    });
    toNode.on("error", () => {
      if (answered) return; // the pipeline sees it too
      response.off("close", clientGone);
      if (!sent && !response.destroyed) return settle("refused");
      refuse(response, silent ? "node_silent" : "node_gone");
      settle("over");
    });
  });
}
