export { Claims, KeysUnavailableError, TokenError, type TokenErrorCode, TokenIssuer } from "./claims.ts";
export { Devices } from "./devices.ts";
export { keySet } from "./key-set.ts";
export { PasswordStrength } from "./password-strength.ts";
export { Password, Passwords, Username } from "./passwords.ts";
export { TokenVerifier } from "./token-verifier.ts";
export { publicKey, sharedSecret, UnusableKeyError, type VerificationKeys, weaknessOf } from "./verification-keys.ts";
