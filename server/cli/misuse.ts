// What a command with `--all` must see to itself, because other words are needed with it.

import type { Command } from 'commander';

/** Nothing but the folder can be said beside `--all`. */
export function refuseBeside(command: Command, options: readonly string[]): void {
  const [other] = [
    ...command.args,
    ...options
      .filter((name) => command.getOptionValue(name) !== undefined)
      .map((name) => `--${name}`),
  ];
  if (other !== undefined) command.error(`error: "${other}" cannot be used with --all`);
}
