import { request as openRequest } from "node:http";
import { io as connect, type Socket } from "socket.io-client";

type Close = () => unknown;

/** A stock client that was let in, and the name of its node. */
export interface Entered {
  readonly socket: Socket;
  readonly node: string;
}

/** A stock client, once the node it reached has sent its name. */
export async function enter(url: string, transports: string[], toClose: Close[]): Promise<Entered> {
  const socket = connect(url, { transports, forceNew: true, reconnection: false });
  toClose.push(() => socket.disconnect());
  const node = await new Promise<string>((resolve, reject) => {
    socket.once("hello", resolve);
    socket.once("connect_error", reject);
    socket.io.once("close", (reason) => reject(new Error(reason)));
  });
  return { socket, node };
}

export async function enterAll(url: string, count: number, transports: string[], toClose: Close[]) {
  const clients = await Promise.all(Array.from({ length: count }, () => enter(url, transports, toClose)));
  const perNode = new Map<string, number>();
  for (const { node } of clients) perNode.set(node, (perNode.get(node) ?? 0) + 1);
  return { clients, perNode };
}

/** @returns the id of a new Engine.IO session */
export async function handshake(url: string): Promise<string> {
  const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`);
  const { sid } = JSON.parse((await answer.text()).slice(1)) as { sid: string };
  return sid;
}

/** Sends a pong for a session, as a polling client does. */
export function post(url: string, sid: string, more = ""): Promise<Response> {
  return fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}${more}`, { method: "POST", body: "3" });
}

export async function whoAnswers(url: string): Promise<string> {
  const { name } = (await (await fetch(`${url}/whoami`)).json()) as { name: string };
  return name;
}

/** The headers that a node was sent. */
export async function headersSeen(url: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/whoami`, { headers });
  return ((await answer.json()) as { headers: Record<string, string> }).headers;
}

/** How a request for a WebSocket is answered. */
export function upgradeStatus(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = openRequest(url, {
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      },
    });
    request.on("response", (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on("upgrade", (_answer, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.on("error", reject);
    request.end();
  });
}
