import type { Json } from "@switchyard/protocol";
import { z } from "zod";

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A session description: an object that passes through unread. */
export const DescriptionBody = z
  .custom<Json>(isObject, "must be an object")
  .meta({ id: "Description", type: "object", description: "An RTCSessionDescriptionInit; passes through unread." });

/** A candidate: an object that passes through unread, or null for the end of candidates. */
export const CandidateBody = z
  .custom<Json>((value) => value === null || isObject(value), "must be an object or null")
  .meta({
    id: "Candidate",
    type: ["object", "null"],
    description: "An RTCIceCandidateInit; passes through unread. null: no more.",
  });
