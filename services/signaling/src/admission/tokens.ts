import { Devices, keySet, publicKey, sharedSecret, TokenIssuer, TokenVerifier } from "@switchyard/auth";
import type { Logger } from "@switchyard/runtime";
import type { Store } from "@switchyard/store";
import type { SignalingConfig } from "../config.ts";

/** The keys with which a node checks tokens and signs its own. */
export interface Tokens {
  readonly verifier: TokenVerifier;
  /** `undefined` where somebody else issues the tokens: then no accounts are kept here. */
  readonly issuer: TokenIssuer | undefined;
  /** `undefined` where somebody else issues the tokens. */
  readonly devices: Devices | undefined;
}

/** The keys that the settings name; where they name none, a secret that all nodes of the cluster find in Redis. */
export async function openTokens(config: SignalingConfig, store: Store, logger: Logger): Promise<Tokens> {
  const { JWT_PUBLIC_KEY, JWKS_URL, JWT_EXPIRES_IN } = config;
  if (JWT_PUBLIC_KEY !== undefined)
    return { verifier: new TokenVerifier(publicKey(JWT_PUBLIC_KEY)), issuer: undefined, devices: undefined };
  if (JWKS_URL !== undefined)
    return { verifier: new TokenVerifier(keySet(JWKS_URL)), issuer: undefined, devices: undefined };
  const secret = config.JWT_SECRET ?? (await agreedSecret(store, logger));
  const others = config.JWT_SECRETS_ACCEPTED ?? [];
  return {
    verifier: new TokenVerifier(sharedSecret(secret, ...others)),
    issuer: new TokenIssuer(secret, JWT_EXPIRES_IN),
    devices: new Devices(secret, ...others),
  };
}

/** Never in production, which does not start without a secret. */
async function agreedSecret(store: Store, logger: Logger): Promise<string> {
  logger.warn("JWT_SECRET is not set: tokens are signed with a secret that this cluster keeps in Redis");
  return store.secrets.agreed("jwt");
}
