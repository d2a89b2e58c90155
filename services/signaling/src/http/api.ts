import { z } from "zod";
import { accountsApi } from "./accounts/api.ts";
import type { ApiRoute } from "./api-route.ts";
import { moderationApi } from "./moderation-api.ts";
import { noticesApi } from "./notices/api.ts";
import { reportsApi } from "./reports-api.ts";
import {
  busy,
  ClientFileParameters,
  CreatedRoom,
  Figures,
  IceServer,
  Identity,
  Matches,
  MatchesQuery,
  NotReady,
  Problem,
  Room,
  RoomParameters,
  Sums,
  Timestamp,
  TooMany,
} from "./schemas.ts";

const tooMany = { 429: { description: "Too many requests; `Retry-After` says when to try again.", content: TooMany } };
const unable = { 503: { description: "Not possible right now; try again.", content: Problem } };

/** The HTTP surface, for the specification. All counts are of the whole cluster. */
export const api: readonly ApiRoute[] = [
  ...accountsApi,
  {
    method: "get",
    path: "/api/ice-servers",
    summary: "STUN and TURN servers for RTCPeerConnection",
    tag: "calls",
    bearers: ["user"],
    responses: {
      200: {
        description: "The servers. With `TOKEN_MODE=required` those of TURN only for a valid token.",
        content: z.object({ iceServers: z.array(IceServer) }),
      },
      401: { description: "Tokens are required, and the request's is not valid.", content: Problem },
      ...tooMany,
      ...unable,
    },
  },
  {
    method: "post",
    path: "/api/create-room",
    summary: "Create a meeting room, which nobody is in yet",
    tag: "calls",
    responses: {
      200: { description: "The room is there, for `ROOM_UNUSED_MS` unless it is entered.", content: CreatedRoom },
      404: { description: "There are no meetings here.", content: Problem },
      ...tooMany,
      ...busy,
    },
  },
  {
    method: "get",
    path: "/api/room/{roomId}",
    summary: "A meeting room",
    tag: "calls",
    parameters: RoomParameters,
    responses: {
      200: { description: "The room.", content: Room },
      404: { description: "There is no such room.", content: Problem },
      ...tooMany,
      ...unable,
    },
  },
  {
    method: "get",
    path: "/api/stats",
    summary: "Matches, 100 a page",
    tag: "operation",
    bearers: ["admin", "none"],
    query: MatchesQuery,
    responses: {
      200: { description: "The figures.", content: Matches },
      400: { description: "The cursor is none.", content: Problem },
      401: { description: "`ADMIN_TOKEN` is set, and the request does not bear it.", content: Problem },
      ...tooMany,
      ...unable,
    },
  },
  {
    method: "get",
    path: "/",
    summary: "Status and statistics; the web page for browsers",
    tag: "operation",
    responses: {
      200: { description: "JSON, or HTML.", content: [Identity.extend({ dialects: Figures }), "text/html"] },
      ...tooMany,
      ...unable,
    },
  },
  {
    method: "get",
    path: "/socket.io/{file}",
    summary: "Socket.IO's client for browsers, as stock servers serve it",
    tag: "calls",
    parameters: ClientFileParameters,
    responses: {
      200: { description: "The build, or its source map (JSON).", content: "application/javascript" },
      304: { description: "The client has it: `If-None-Match` names the version.", content: "text/plain" },
    },
  },
  {
    method: "get",
    path: "/health",
    summary: "Status and sums",
    tag: "operation",
    responses: { 200: { description: "Up.", content: Identity.extend({ stats: Sums }) }, ...tooMany, ...unable },
  },
  {
    method: "get",
    path: "/healthz",
    summary: "Liveness",
    tag: "operation",
    responses: { 200: { description: "The process answers.", content: z.object({ status: z.literal("ok") }) } },
  },
  {
    method: "get",
    path: "/readyz",
    summary: "Readiness",
    tag: "operation",
    responses: {
      200: {
        description: "Clients can be sent here. With `reason`: nothing new is taken now, since Redis is almost full.",
        content: z.object({ status: z.literal("ready"), node: z.string(), reason: z.string().optional() }),
      },
      503: { description: "Not ready, and why.", content: NotReady },
    },
  },
  {
    method: "get",
    path: "/stats",
    summary: "Figures by dialect",
    tag: "operation",
    responses: {
      200: { description: "The figures.", content: z.object({ timestamp: Timestamp, dialects: Figures }) },
      ...tooMany,
      ...unable,
    },
  },
  {
    method: "get",
    path: "/metrics",
    summary: "Metrics of this node for Prometheus",
    tag: "operation",
    responses: { 200: { description: "Prometheus' text format.", content: "text/plain" }, ...tooMany },
  },
  ...noticesApi,
  ...moderationApi,
  ...reportsApi,
];
