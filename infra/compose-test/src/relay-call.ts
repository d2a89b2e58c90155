import { createHmac } from "node:crypto";
import type { CheckReport } from "@switchyard/testkit";
import { findChromium, Visitor } from "./browser.ts";
import type { Deployment } from "./deployment.ts";
import { docker } from "./docker.ts";
import type { RelayNetwork } from "./relay-network.ts";

const FRAMES = 50;
const PLAYS_WITHIN_MS = 60_000;
const EXPIRED_S = 3600;
const ASKED_FOR_S = 8;
const deniedPeers = ["10.1.2.3", "127.0.0.1", "169.254.169.254", "172.20.0.2", "192.168.1.1"];
/** How a TURN server refuses a user (RFC 8489, Unauthorized). */
const UNAUTHORIZED = 401;

interface Relay {
  readonly turnSecret: string;
  readonly network: RelayNetwork;
}

/** Two browsers that may use nothing but TURN call each other on the page, through the deployment's coturn. */
export async function checkRelayCall(deployment: Deployment, relay: Relay, report: CheckReport): Promise<void> {
  const browser = findChromium();
  if (browser === undefined) {
    return report.skip("a call by TURN only", "there is no Chromium on the PATH; CHROMIUM can name one");
  }
  const visitors: Visitor[] = [];
  try {
    for (const _ of ["one", "two"]) visitors.push(await Visitor.arrive(browser, deployment.url));
    await Promise.all(visitors.map((visitor) => visitor.press("start-video")));
    const frames = await Promise.all(visitors.map((visitor) => visitor.shows(FRAMES, PLAYS_WITHIN_MS)));
    const ways = await Promise.all(visitors.map((visitor) => visitor.way()));
    report.check("the call plays video on both sides", true, `${frames.join(" and ")} frames shown`);
    const goesByRelays = ways.every((way) => way === "relay to relay");
    report.check("it goes by relays only", goesByRelays, ways.join(", and "));
    const [visitor] = visitors;
    if (visitor) await checkCredentials(visitor, relay.turnSecret, report);
    await checkPrivatePeers(deployment, relay, report);
  } finally {
    await Promise.all(visitors.map((visitor) => visitor.leave()));
  }
}

async function checkCredentials(visitor: Visitor, turnSecret: string, report: CheckReport): Promise<void> {
  const given = await visitor.turnServer();
  const good = await visitor.gather(given);
  report.check("a credential of /api/ice-servers gets a relayed address", good.candidates > 0, JSON.stringify(good));
  const username = `${Math.floor(Date.now() / 1000) - EXPIRED_S}:late`;
  const credential = createHmac("sha1", turnSecret).update(username).digest("base64");
  const late = await visitor.gather({ urls: given.urls, username, credential });
  const isRefused = late.candidates === 0 && late.errors.includes(UNAUTHORIZED);
  report.check("an expired one is refused (401)", isRefused, JSON.stringify(late));
}

/** coturn's own client asks for a way to addresses that nobody outside may reach, and to one that everybody may. */
async function checkPrivatePeers(deployment: Deployment, relay: Relay, report: CheckReport): Promise<void> {
  const { turnSecret, network } = relay;
  const [container = ""] = await deployment.containers("coturn");
  const ask = (peer: string) => {
    const client = `turnutils_uclient -u any -W ${turnSecret} -e ${peer} -r 9 -n 1 -m 1 -c ${network.relay}`.split(" ");
    const asked = ["exec", container, "timeout", String(ASKED_FOR_S), ...client];
    return docker(asked).then(String, String); // it fails where it is refused, and where nobody answers
  };
  const answers = await Promise.all(deniedPeers.map(ask));
  const reached = deniedPeers.filter((_, index) => !answers[index]?.includes("error 403"));
  const asked = `${deniedPeers.length} asked for, ${reached.join(", ") || "none"} allowed`;
  report.check("private addresses are refused (403)", reached.length === 0, asked);
  const open = await ask(network.nobody);
  const isAllowed = !open.includes("error 403");
  report.check("others are not", isAllowed, isAllowed ? `${network.nobody} allowed` : open);
}
