export { Claims } from "./claims.ts";
export { Password, Username } from "./credentials.ts";
export { keySet } from "./key-set.ts";
export { Passwords } from "./passwords.ts";
export { weaknessOf } from "./secret-strength.ts";
export { KeysUnavailableError, TokenError, type TokenErrorCode } from "./token-error.ts";
export { TokenIssuer } from "./token-issuer.ts";
export { TokenVerifier } from "./token-verifier.ts";
export { publicKey, sharedSecret, UnusableKeyError, type VerificationKeys } from "./verification-keys.ts";
