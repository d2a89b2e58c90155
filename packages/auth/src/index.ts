export { Claims, KeysUnavailableError, TokenError, type TokenErrorCode, TokenIssuer } from "./claims.ts";
export { keySet } from "./key-set.ts";
export { Password, Passwords, Username } from "./passwords.ts";
export { TokenVerifier } from "./token-verifier.ts";
export { publicKey, sharedSecret, UnusableKeyError, type VerificationKeys, weaknessOf } from "./verification-keys.ts";
