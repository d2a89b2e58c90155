const LEAST_LENGTH = 32;
const LEAST_DIFFERENT = 10;
const fromAnExample =
  /change.?(me|this|it)|replace.?(me|this|it)|your.(jwt|secret|super|own|key|random)|example|placeholder|super.?secret|secret.?key/i;

/** What is wrong with a secret that tokens are to be signed with; `undefined` if nothing is. Never holds the secret. */
export function weaknessOf(secret: string): string | undefined {
  if (secret.length < LEAST_LENGTH) return `it is shorter than ${LEAST_LENGTH} characters`;
  if (fromAnExample.test(secret)) return "it is one from an example";
  if (new Set(secret).size < LEAST_DIFFERENT) return "it is made of too few different characters";
  return undefined;
}
