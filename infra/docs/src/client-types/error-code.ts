import { errorTable } from "@switchyard/protocol";
import { code } from "../markdown.ts";

/** `packages/client-types/src/error-code.ts`, from the error table. */
export function errorCodeType(): string {
  const lines = Object.entries(errorTable).map(
    ([name, { message, retryable }]) => `  /** ${message}${retryable ? " May succeed later." : ""} */\n  | "${name}"`,
  );
  return `// Generated from packages/protocol/src/errors.ts by ${code("pnpm run docs")}; don't edit it here.

/** The ${code("type")} of the event ${code("error")}, and the ${code("code")} in an acknowledgement. */
export type ErrorCode =
${lines.join("\n")};
`;
}
