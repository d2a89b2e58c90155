import { userInfo } from "node:os";
import { run, succeeds } from "./network/command.ts";
import { removeNamespace } from "./network/namespaces.ts";
import { nameOf, type Run } from "./run.ts";

const programs = ["redis-server", "sysctl"];
const veth = "link add one type veth peer name two";
const rule = "rule add pref 100 from all to 192.0.2.1 blackhole";
const vxlan = "link add three type vxlan id 1 dstport 4789";
const netem = "qdisc add dev lo root netem delay 1ms";

/** Why hosts can't be made here, as one sentence; `undefined` if they can. */
export async function reasonAgainstHosts(of: Run): Promise<string | undefined> {
  if (process.platform !== "linux") return "Network namespaces are Linux's.";
  if (userInfo().uid !== 0) return "Only root may make network namespaces.";
  if (!(await succeeds("ip", ["-V"]))) return "There is no `ip` (the package iproute2).";
  for (const program of programs) {
    if (!(await succeeds(program, ["--version"]))) return `There is no \`${program}\` on the PATH.`;
  }
  const isPossible = await tryIn(of, async (can) => (await can("ip", veth)) && can("ip", rule));
  return isPossible ? undefined : "This system has no network namespaces, virtual Ethernet (veth) or routing rules.";
}

/** Why cables can't be made slow here, where hosts can be made. */
export async function reasonAgainstSlowCables(of: Run): Promise<string | undefined> {
  const isPossible = await tryIn(of, async (can) => (await can("tc", netem)) || can("ip", vxlan));
  return isPossible ? undefined : "This kernel has neither netem nor VXLAN.";
}

/** Whether the words of a command are accepted in the namespace that is tried out. */
type Can = (program: "ip" | "tc", words: string) => Promise<boolean>;

async function tryIn(of: Run, attempt: (can: Can) => Promise<boolean>): Promise<boolean> {
  const probe = nameOf(of, "probe");
  try {
    await run("ip", ["netns", "add", probe]);
    return await attempt((program, words) => succeeds(program, ["-n", probe, ...words.split(" ")]));
  } catch {
    return false;
  } finally {
    await removeNamespace(probe);
  }
}
