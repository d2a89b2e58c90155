import { readFileSync } from "node:fs";

/** The first line; a script with `allow-oom` runs also where Redis is at its `maxmemory`. */
const HEAD = /^#!lua(?: flags=allow-oom)?\n/;

interface Definition {
  readonly name: string;
  readonly text: string;
}

/** Constants and functions of `lua/prelude.lua`, in its order: a later one may use those before. */
const definitions = readDefinitions(read("prelude"));

/**
 * The text of a script as Redis gets it: its file, with those definitions of the prelude that it uses on the line behind `#!lua`.
 * @param path its file's, below `lua/` and without the ending
 */
export function readScriptText(path: string): string {
  const source = read(path);
  const [head] = HEAD.exec(source) ?? [];
  if (head === undefined) throw new TypeError(`${path}.lua does not begin with #!lua`);
  const code = withoutComments(source);
  let prelude = "";
  for (const { name, text } of definitions.toReversed()) {
    if (new RegExp(`\\b${name}\\b`).test(prelude + code)) prelude = `${text} ${prelude}`;
  }
  return head + prelude + source.slice(head.length);
}

/** Each begins with `local` at the beginning of a line and ends on that line, or with the next `end` at the beginning of one. */
function readDefinitions(lua: string): Definition[] {
  const found = withoutComments(lua).matchAll(/^local (?:function (\w+)[\s\S]*?^end|(\w+) = .*)$/gm);
  return [...found].map(([text, procedure, constant]) => ({
    name: procedure ?? constant ?? "",
    text: text.replace(/\n */g, " "),
  }));
}

function read(path: string): string {
  return readFileSync(new URL(`../../lua/${path}.lua`, import.meta.url), "utf8");
}

function withoutComments(lua: string): string {
  return lua.replace(/ *--.*$/gm, "");
}
