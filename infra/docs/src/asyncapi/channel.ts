import type { Dialect, EventSchemas } from "@switchyard/dialects";
import type { z } from "zod";
import { argumentsOf, type Definitions, jsonSchemaOf } from "../json-schema.ts";
import { acknowledgement, SCHEMAS } from "./acknowledgement.ts";

/** The namespace of a dialect with all its messages. */
export function channelOf(dialect: Dialect, definitions: Definitions) {
  const { name, title, handshake, clientEvents, serverEvents, acks } = dialect;
  const requests = Object.entries(clientEvents).flatMap(([event, schema]) => [
    [requestName(event), messageOf(event, schema, definitions)],
    [answerName(event, acks), acknowledgement(event in acks ? event : "other events", acks[event], definitions)],
  ]);
  const told = Object.entries(serverEvents).map(([event, schema]) => [
    tellingName(event),
    messageOf(event, schema, definitions),
  ]);
  return {
    address: `/${name}`,
    title: name,
    summary: title,
    description: handshake,
    messages: Object.fromEntries([...requests, ...told]) as Readonly<Record<string, object>>,
  };
}

/**
 * The operations of the cluster at that namespace: it receives and acknowledges the events of clients, and sends events
 * to them.
 */
export function operationsOf({ name, clientEvents, serverEvents, acks }: Dialect): Readonly<Record<string, object>> {
  const channel = { $ref: `#/channels/${name}` };
  const message = (id: string) => ({ $ref: `${channel.$ref}/messages/${id}` });
  const received = Object.keys(clientEvents).map((event) => [
    `${name}.receive.${event}`,
    {
      action: "receive",
      channel,
      messages: [message(requestName(event))],
      reply: { channel, messages: [message(answerName(event, acks))] },
    },
  ]);
  const sent = Object.keys(serverEvents).map((event) => [
    `${name}.send.${event}`,
    { action: "send", channel, messages: [message(tellingName(event))] },
  ]);
  return Object.fromEntries([...received, ...sent]);
}

const requestName = (event: string) => `client.${event}`;
const tellingName = (event: string) => `server.${event}`;
/** Events acknowledged with `ok: true` alone share one. */
const answerName = (event: string, acks: EventSchemas) => (event in acks ? `ack.${event}` : "ack");

/** An event: its first argument is the payload. */
function messageOf(event: string, schema: z.ZodType, definitions: Definitions) {
  const converted = jsonSchemaOf(schema, definitions, SCHEMAS, "draft-07");
  const { description, required, optional } = argumentsOf(event, converted);
  const [payload, ...further] = [...required, ...optional];
  return {
    name: event,
    title: event,
    summary: description,
    ...(optional.length > 0 ? { description: "The payload may be missing." } : {}),
    payload,
    ...(further.length > 0 ? { "x-further-arguments": further } : {}),
  };
}
