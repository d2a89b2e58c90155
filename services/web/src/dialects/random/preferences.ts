/** A person's preferences about partners. */
export interface Preferences {
  interests?: string[];
  language?: string;
}

/** How many interests the server takes. */
export const MAX_INTERESTS = 10;
const MAX_INTEREST_LENGTH = 128;

/** The languages offered, as BCP 47 tags; shown in their own names. */
export const languages = [
  "ar",
  "bn",
  "cs",
  "de",
  "el",
  "en",
  "es",
  "fa",
  "fr",
  "hi",
  "id",
  "it",
  "ja",
  "ko",
  "nl",
  "pl",
  "pt",
  "ru",
  "sv",
  "tr",
  "uk",
  "vi",
  "zh",
] as const;

/** Typed text, comma separated, as interests that compare equal: trimmed, in lower case, each once. */
export function parseInterests(text: string): string[] {
  const interests = text
    .split(",")
    .map((interest) => interest.trim().replace(/\s+/g, " ").toLocaleLowerCase().slice(0, MAX_INTEREST_LENGTH))
    .filter(Boolean);
  return [...new Set(interests)];
}

/** @param language a tag, or empty for any */
export function preferencesOf(interests: string, language: string): Preferences {
  const list = parseInterests(interests).slice(0, MAX_INTERESTS);
  return { ...(list.length > 0 ? { interests: list } : {}), ...(language ? { language } : {}) };
}
