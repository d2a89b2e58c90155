import { Passwords } from "@switchyard/auth";
import type { FastifyInstance } from "fastify";
import type { Server } from "socket.io";
import { Admission } from "./admission/admission.ts";
import { TokenExpiry } from "./admission/token-expiry.ts";
import { openTokens } from "./admission/tokens.ts";
import type { Base } from "./base.ts";
import { allowedOrigins, type SignalingConfig } from "./config.ts";
import { Opening } from "./events/opening.ts";
import type { House } from "./house.ts";
import { createHttp } from "./http/server.ts";
import { Limits } from "./limits/limits.ts";
import type { LocalSession } from "./sessions/local-session.ts";
import { openGateway } from "./socket/gateway.ts";

/** Where clients and requests come in. */
export interface Entrance {
  readonly http: FastifyInstance;
  readonly io: Server;
  readonly limits: Limits;
  readonly expiry: TokenExpiry<LocalSession>;
}

/** Nobody can come in yet: that is when `http` listens. */
export async function openEntrance(config: SignalingConfig, base: Base, house: House): Promise<Entrance> {
  const { node, logger, metrics, redis, store, cluster, registry, tracing } = base;
  const { host, dialectChannels, readiness } = house;
  const tokens = await openTokens(config, store, logger);
  const limits = new Limits({ config, redis, store, node, logger });
  const accounts = {
    passwords: await Passwords.create(),
    issuer: tokens.issuer,
    dialect: registry.openedByToken?.dialect.name,
    limits: limits.accounts,
  };
  const security = { origins: allowedOrigins(config), limits, metrics };
  const http = createHttp({ config, node, cluster, readiness, metrics, accounts }, security, logger);
  const admission = new Admission({ mode: config.TOKEN_MODE, verifier: tokens.verifier, registry });
  const opening = new Opening({ host, dialectChannels, registry });
  const expiry = new TokenExpiry<LocalSession>();
  const gateway = { admission, expiry, host, dialectChannels, registry, opening, limits, tracing };
  const io = openGateway(http.server, { ...gateway, config, logger, metrics });
  return { http, io, limits, expiry };
}
