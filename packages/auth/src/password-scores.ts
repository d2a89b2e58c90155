import { parentPort } from "node:worker_threads";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";

/** The thread of `password-strength.ts`: answers one question after another. */

/** So many ways to read `p4$$` are tried: the library's own limit makes some passwords of this length take a second. */
const SUBSTITUTIONS = 8;

// common passwords and no words of a language: those are for people to choose several of
const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...dictionary },
  graphs: adjacencyGraphs,
  l33tMaxSubstitutions: SUBSTITUTIONS,
});

interface Question {
  readonly number: number;
  readonly password: string;
  readonly name: string;
}

parentPort?.on("message", ({ number, password, name }: Question) => {
  parentPort?.postMessage({ number, score: zxcvbn.check(password, [name]).score });
});
