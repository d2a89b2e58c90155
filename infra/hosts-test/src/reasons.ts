import { userInfo } from "node:os";
import { succeeds } from "./network/command.ts";
import { namespaceNames, removeNamespace } from "./network/namespaces.ts";
import { nameOf, type Run } from "./run.ts";

const programs = ["redis-server", "sysctl"];

/** Why hosts can't be made here, as one sentence; `undefined` if they can. */
export async function reasonAgainstHosts(run: Run): Promise<string | undefined> {
  if (process.platform !== "linux") return "Network namespaces are Linux's.";
  if (userInfo().uid !== 0) return "Only root may make network namespaces.";
  if (!(await succeeds("ip", ["-V"]))) return "There is no `ip` (the package iproute2).";
  for (const program of programs) {
    if (!(await succeeds(program, ["--version"]))) return `There is no \`${program}\` on the PATH.`;
  }
  const probe = nameOf(run, "probe");
  try {
    if (!(await succeeds("ip", ["netns", "add", probe]))) return "This system lets nobody make network namespaces.";
    const veth = ["-n", probe, "link", "add", "one", "type", "veth", "peer", "name", "two"];
    if (!(await succeeds("ip", veth))) return "This system has no virtual Ethernet (veth).";
    const rule = ["-n", probe, "rule", "add", "pref", "100", "from", "all", "to", "192.0.2.1", "blackhole"];
    if (!(await succeeds("ip", rule))) return "This system has no rules of routing.";
    return undefined;
  } finally {
    if ((await namespaceNames()).includes(probe)) await removeNamespace(probe);
  }
}
