import jsTokens from "js-tokens";

const LUA_COMMENT = /--.*/g;
/** Three words at least: less is a name, a key, a number with its unit. */
const SENTENCE = /\w\S* \S+ \S*\w/;
const CODE = /`[^`\n]+`/g;

/**
 * The prose in source text, at the same offsets and lines: comments, and in TypeScript the sentences in strings and JSX
 * too. Everything else is replaced by spaces, and so are the comments' own marks.
 */
export function proseOf(text: string, extension: string): string {
  if (extension === ".lua") return kept(text, LUA_COMMENT);
  let prose = "";
  for (const { type, value } of jsTokens(text, { jsx: extension === ".tsx" })) {
    if (type === "SingleLineComment" || type === "MultiLineComment") prose += withoutMarks(value);
    else if (isText(type) && SENTENCE.test(value)) prose += value;
    else prose += blank(value);
  }
  return prose;
}

function kept(text: string, pattern: RegExp): string {
  let end = 0;
  let prose = "";
  for (const match of text.matchAll(pattern)) {
    prose += blank(text.slice(end, match.index)) + withoutMarks(match[0]);
    end = match.index + match[0].length;
  }
  return prose + blank(text.slice(end));
}

const isText = (type: string) => /^(?:StringLiteral|NoSubstitutionTemplate|Template|JSXText|JSXString)/.test(type);
const blank = (text: string) => text.replace(/[^\n]/g, " ");
const withoutMarks = (comment: string) =>
  comment.replace(/^\s*\*(?!\/)|^\/[/*]+|\*+\/$|^--+/gm, blank).replace(CODE, blank);
