/** One line for something that takes a while. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}
