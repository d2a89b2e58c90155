import { weaknessOf } from "@switchyard/auth";
import { type Config, ConfigError, readConfig } from "@switchyard/runtime";

/** The settings that are read before any other part of a deployment starts. */
export const secretsSettings = [
  "JWT_SECRET",
  "JWT_SECRETS_ACCEPTED",
  "TURN_SECRET",
  "TURN_SECRETS_ACCEPTED",
  "TURN_URLS",
] as const;

export type SecretsConfig = Config<(typeof secretsSettings)[number]>;
export type SecretName = "JWT_SECRET" | "TURN_SECRET";
type AcceptedName = "JWT_SECRETS_ACCEPTED" | "TURN_SECRETS_ACCEPTED";
type Environment = Readonly<Record<string, string | undefined>>;

const advice = "it must be at least 32 random characters, such as `openssl rand -base64 48` prints";

/** @throws ConfigError if a configured secret is empty or easy to guess */
export function readSecretsConfig(environment: Environment): SecretsConfig {
  const config = readConfig(secretsSettings, environment);
  const problems = [
    problemOf("JWT_SECRET", config, environment),
    problemOfAccepted("JWT_SECRETS_ACCEPTED", config),
    problemOf("TURN_SECRET", config, environment),
    problemOfAccepted("TURN_SECRETS_ACCEPTED", config),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new ConfigError(problems.join(" "));
  return config;
}

function problemOf(name: SecretName, config: SecretsConfig, environment: Environment): string | undefined {
  const secret = config[name];
  if (secret === undefined) {
    // an operator who names a file means a secret: a random one in its place would be noticed late
    return environment[`${name}_FILE`] ? `${name} is missing: the file that ${name}_FILE names is empty.` : undefined;
  }
  const weakness = weaknessOf(secret);
  return weakness === undefined ? undefined : `${name} is not usable (${weakness}): ${advice}.`;
}

function problemOfAccepted(name: AcceptedName, config: SecretsConfig): string | undefined {
  const weakness = config[name]?.map(weaknessOf).find((found) => found !== undefined);
  return weakness === undefined ? undefined : `A secret of ${name} is not usable (${weakness}).`;
}
