import { z } from "zod";
import { transportKinds } from "../wire/transport.ts";
import { readThreshold } from "./threshold.ts";

const units = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const;

/** `500ms`, `2s`, `10min`, `1h`; becomes ms. */
export const Duration = z
  .string()
  .regex(/^\d+(\.\d+)? ?(ms|s|min|h)$/, "must be a number and a unit: ms, s, min or h")
  .transform((text) => Number.parseFloat(text) * units[unitOf(text)])
  .meta({ description: "A number and its unit: 500ms, 2s, 10min, 1h." });

const messages = {
  messageEvery: Duration.default(2000).describe("Time between two messages of a user."),
  messageBytes: z.int().min(0).max(4000).default(0).describe("Least length of a message."),
};
const weight = z.number().positive().default(1).describe("Its share of the users, beside the others' weights.");

const namespace = z
  .string()
  .regex(/^\/[\w-]*$/)
  .default("/random");

/** The behaviours of users, by dialect. */
const Behaviour = z.discriminatedUnion("behaviour", [
  z.strictObject({
    behaviour: z.literal("random"),
    weight,
    type: z.enum(["chat", "video"]).default("chat"),
    nextAfter: Duration.default(20_000).describe("Time with a partner, until `next`."),
    ...messages,
  }),
  z.strictObject({
    behaviour: z.literal("rooms"),
    weight,
    size: z.int().min(1).max(1000).default(8).describe("Users in a meeting."),
    toggleEvery: Duration.default(10_000).describe("Time between two changes of microphone or camera."),
    ...messages,
  }),
  z.strictObject({
    behaviour: z.literal("match"),
    weight,
    callAgainAfter: Duration.default(20_000).describe("Time between the offers of two calls."),
    candidates: z.int().min(0).max(100).default(8).describe("Candidates that each side sends."),
  }),
  z.strictObject({
    behaviour: z.literal("calls"),
    weight,
    size: z.int().min(2).max(100).default(4).describe("Users in a call."),
    callAgainAfter: Duration.default(20_000).describe("Time between two offers of a user to all others."),
    candidates: z.int().min(0).max(100).default(4).describe("Candidates that each side sends."),
  }),
  z.strictObject({ behaviour: z.literal("chat"), weight, ...messages }),
  z.strictObject({
    behaviour: z.literal("storm"),
    weight,
    namespace,
    stay: Duration.default(1000).describe("Length of a visit."),
    pause: Duration.default(1000).describe("Time between two visits."),
  }),
  z.strictObject({
    behaviour: z.literal("idle"),
    weight,
    namespace,
  }),
]);

const Arrival = z.union([
  z
    .strictObject({
      users: z.int().min(1).max(1_000_000),
      pause: Duration.optional().describe(
        "Time between the answer to a message and the next one, instead of messages at fixed times.",
      ),
    })
    .meta({ description: "So many, who stay." }),
  z
    .strictObject({ rate: z.number().positive().max(100_000), stay: Duration.default(30_000) })
    .meta({ description: "So many a second, whatever becomes of those before, each of whom stays for that long." }),
]);

const Target = z
  .string()
  .regex(/^https?:\/\/[^/\s]+\/?$/, "must be the http or https address of a reverse proxy or a node");

/** A load test. Unknown fields are refused. */
export const Scenario = z.strictObject({
  name: z.string().min(1).max(100).default("load"),
  targets: z.array(Target).min(1).default(["http://localhost:3000"]),
  arrival: Arrival.default({ users: 100 }),
  ramp: Duration.default(10_000).describe("Time in which the users of a closed arrival come."),
  duration: Duration.default(30_000).describe("Time after the ramp."),
  seed: z.int().min(0).default(1),
  transport: z
    .enum(transportKinds)
    .default("websocket")
    .describe("A WebSocket, HTTP, or HTTP that goes over to a WebSocket as with stock clients."),
  tokens: z.boolean().default(false).describe("Whether all users show a token, and not only those who need one."),
  reconnect: z.boolean().default(true).describe("Whether users come back as the stock client does."),
  handshakes: z
    .int()
    .min(1)
    .default(200)
    .describe("Of a closed arrival: users that connect at once; the next one begins when one of them is connected."),
  sources: z.array(z.ipv4()).default([]).describe("Addresses of the tester, which connections take in turn."),
  cuts: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("Connections that are broken a second, for their users to come back."),
  grace: Duration.default(8000).describe("RECONNECT_GRACE_MS of the cluster."),
  patience: Duration.default(10_000).describe("How long what is owed may take until it is a violation."),
  mix: z.array(Behaviour).min(1),
  thresholds: z.array(z.string().transform((text, context) => thresholdIn(text, context))).default([]),
});
export type Scenario = z.output<typeof Scenario>;
export type Behaviour = z.output<typeof Behaviour>;
/** One of the behaviours, with its parameters. */
export type BehaviourOf<Name extends Behaviour["behaviour"]> = Extract<Behaviour, { behaviour: Name }>;

/** Whether there are users who show a token. */
export function needsTokens({ tokens, mix }: Pick<Scenario, "tokens" | "mix">): boolean {
  return tokens || mix.some(({ behaviour }) => behaviour === "chat");
}

function unitOf(text: string): keyof typeof units {
  if (text.endsWith("ms")) return "ms";
  if (text.endsWith("min")) return "min";
  return text.endsWith("h") ? "h" : "s";
}

function thresholdIn(text: string, context: z.RefinementCtx) {
  const threshold = readThreshold(text);
  if (threshold) return threshold;
  context.addIssue({ code: "custom", message: 'must be like "p99 relay < 50 ms" or "lost = 0"', input: text });
  return z.NEVER;
}
