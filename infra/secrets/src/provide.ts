import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type KeptSecret, keepSecret, writeWhole } from "./kept-secret.ts";
import { readSecretsConfig, type SecretName } from "./settings.ts";

export interface SecretPlaces {
  /** The directory in which the nodes find `jwt_secret`, `jwt_secrets_accepted` and `turn_secret`. */
  readonly directory: string;
  /** coturn's whole configuration: it can't read a secret from a file of its own. */
  readonly turnConfig: string;
  /** The same but for the secrets. */
  readonly turnTemplate: string;
}

/**
 * Provides a deployment's secrets before any other part starts: each is the configured one, else the one of an earlier
 * start, else a new one. Secrets accepted besides, while one is changed, are the configured ones only.
 * @returns a sentence on the origin of each, fit for a log; it never holds the secret
 * @throws ConfigError if a configured one is empty or easy to guess; then nothing is written
 */
export function provideSecrets(
  places: SecretPlaces,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const config = readSecretsConfig(environment);
  const { JWT_SECRETS_ACCEPTED: jwtAccepted = [], TURN_SECRETS_ACCEPTED: turnAccepted = [] } = config;
  const inDirectory = (file: string) => join(places.directory, file);
  const jwt = keepSecret(inDirectory("jwt_secret"), config.JWT_SECRET);
  writeWhole(inDirectory("jwt_secrets_accepted"), jwtAccepted.join("\n"), 0o400);
  const turn = keepSecret(inDirectory("coturn_secret"), config.TURN_SECRET);
  const template = readFileSync(places.turnTemplate, "utf8").trimEnd();
  const lines = [turn.value, ...turnAccepted].map((secret) => `static-auth-secret=${secret}\n`);
  writeWhole(places.turnConfig, `${template}\n${lines.join("")}`, 0o444);
  // nodes accept a TURN secret only together with servers that know it
  const isTurnUsed = config.TURN_URLS.length > 0;
  writeWhole(inDirectory("turn_secret"), isTurnUsed ? turn.value : "", 0o400);
  const unused = "TURN_URLS is not set: clients receive no TURN server.";
  return [
    ...sentencesOn("JWT_SECRET", jwt, jwtAccepted),
    ...(isTurnUsed ? sentencesOn("TURN_SECRET", turn, turnAccepted) : [unused]),
  ];
}

const origins: Readonly<Record<KeptSecret["origin"], string>> = {
  given: "is the one that was given.",
  kept: "is the one made at an earlier start.",
  made: "was not given, so a random one was made. It stays in the volume `secrets`, for later starts.",
};

function sentencesOn(name: SecretName, { origin, former }: KeptSecret, accepted: readonly string[]): string[] {
  const list = name.replace("SECRET", "SECRETS_ACCEPTED");
  const others = `${list}: ${accepted.length} more accepted, until they are taken out of it.`;
  const loss = `It is another one than at the last start, which ${list} does not have: what that one signed is worthless.`;
  const isLost = former !== undefined && !accepted.includes(former);
  return [`${name} ${origins[origin]}`, ...(isLost ? [loss] : []), ...(accepted.length > 0 ? [others] : [])];
}
