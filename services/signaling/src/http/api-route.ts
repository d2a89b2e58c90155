import type { z } from "zod";

/** A route as the specification describes it. An answer that is not JSON is named by its media type. */
export interface ApiRoute {
  readonly method: "get" | "post" | "delete";
  /** With `{parameters}` in braces. */
  readonly path: string;
  /** The name of its operation, where the one that its path makes is another route's. */
  readonly operation?: string;
  readonly summary: string;
  readonly tag: "accounts" | "back ends" | "calls" | "operation" | "moderation";
  /** The tokens that may go into `Authorization: Bearer`, where one is asked for; `none`: it may be missing where none is set. */
  readonly bearers?: readonly ("admin" | "observer" | "user" | "none")[];
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly responses: Readonly<Record<number, ApiResponse>>;
}

type MediaType = `text/${string}` | "application/javascript";

export interface ApiResponse {
  readonly description: string;
  readonly content: z.ZodType | MediaType | readonly [z.ZodType, MediaType];
}
