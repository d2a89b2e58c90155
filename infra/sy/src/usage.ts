import { type Command, commonOptions, type Option } from "./command.ts";
import { facts } from "./table.ts";

/** How a command is called. */
export function usageOf({ name, operands, says, options }: Command): string {
  const call = ["sy", name, ...operands, "[options]"].join(" ");
  return `${call}\n\n${says}\n\n${optionList({ ...options, ...commonOptions })}`;
}

function optionList(options: Readonly<Record<string, Option>>): string {
  return facts(
    Object.entries(options).map(([name, { value, says }]) => [
      `  --${name}${value === undefined ? "" : ` <${value}>`}`,
      says,
    ]),
  );
}
