import { type Acknowledged, reasonText } from "../error-text.ts";

/** Why somebody is reported, as it is put to a person. */
export const categories = {
  harassment: "Insults or harassment",
  hate: "Hate",
  nudity: "Nudity or sex",
  violence: "Violence or threats",
  minor: "Seems to be a child",
  spam: "Spam or advertising",
  other: "Something else",
} as const;

export interface ReportGrounds {
  category: keyof typeof categories;
  /** In the person's own words; may be empty. */
  reason: string;
}

const LOST = "The connection was lost. Try again.";
const REPORTED = "Thank you. The operators have your report.";

/**
 * Sends a report, and thanks the person for it.
 * @returns why it could not be made, as a sentence; null: it was made
 */
export async function sendReport(
  emit: () => Promise<Acknowledged>,
  notice: (event: { type: "noticed"; notice: string }) => void,
): Promise<string | null> {
  const reply = await emit().catch(() => null);
  if (!reply) return LOST;
  if (!reply.ok) return reasonText(reply.error);
  notice({ type: "noticed", notice: REPORTED });
  return null;
}
