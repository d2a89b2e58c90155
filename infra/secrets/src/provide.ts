import { readFileSync } from "node:fs";
import { join } from "node:path";
import { weaknessOf } from "@switchyard/auth";
import { type Config, ConfigError, readConfig } from "@switchyard/runtime";
import { type KeptSecret, keepSecret } from "./kept-secret.ts";
import { writeWhole } from "./whole-file.ts";

const names = ["JWT_SECRET", "TURN_SECRET"] as const;
type SecretName = (typeof names)[number];
type Environment = Readonly<Record<string, string | undefined>>;

const advice = "it must be at least 32 random characters, such as `openssl rand -base64 48` prints";

export interface SecretPlaces {
  /** Where the nodes find `jwt_secret` and `turn_secret`. */
  readonly directory: string;
  /** coturn's whole configuration: it can't read a secret from a file of its own. */
  readonly turnConfig: string;
  /** The same but for the secret. */
  readonly turnTemplate: string;
}

/**
 * Sees to it that a deployment has its secrets before anything else starts: what the operator gave, else what is there from an earlier
 * start, else a new one.
 * @returns a sentence on each, fit for a log: where it came from, never what it is
 * @throws ConfigError when one that was given is empty or easy to guess; nothing is written then
 */
export function provideSecrets(places: SecretPlaces, environment: Environment): string[] {
  const config = readConfig([...names, "TURN_URLS"], environment);
  const problems = names.flatMap((name) => problemOf(name, config, environment) ?? []);
  if (problems.length > 0) throw new ConfigError(problems.join(" "));
  const inDirectory = (file: string) => join(places.directory, file);
  const jwt = keepSecret(inDirectory("jwt_secret"), config.JWT_SECRET);
  const turn = keepSecret(inDirectory("coturn_secret"), config.TURN_SECRET);
  const template = readFileSync(places.turnTemplate, "utf8").trimEnd();
  writeWhole(places.turnConfig, `${template}\nstatic-auth-secret=${turn.value}\n`, 0o444);
  // nodes want a TURN secret only together with servers that know it
  const isTurnUsed = config.TURN_URLS.length > 0;
  writeWhole(inDirectory("turn_secret"), isTurnUsed ? turn.value : "", 0o400);
  const unused = "TURN_URLS is not set: clients are told of no TURN server.";
  return [sentenceOn("JWT_SECRET", jwt), isTurnUsed ? sentenceOn("TURN_SECRET", turn) : unused];
}

function problemOf(name: SecretName, config: Config<SecretName>, environment: Environment): string | undefined {
  const secret = config[name];
  if (secret === undefined) {
    // whoever names a file has a secret in mind: a new one in its place would be found out late
    return environment[`${name}_FILE`] ? `${name} is missing: the file that ${name}_FILE names is empty.` : undefined;
  }
  const weakness = weaknessOf(secret);
  return weakness === undefined ? undefined : `${name} is not usable (${weakness}): ${advice}.`;
}

const origins: Readonly<Record<KeptSecret["origin"], string>> = {
  given: "is the one that was given.",
  kept: "is the one made at an earlier start.",
  made: "was not given, so a random one was made. It stays in the volume `secrets`, for later starts.",
};

function sentenceOn(name: SecretName, { origin }: KeptSecret): string {
  return `${name} ${origins[origin]}`;
}
