import type { Argv } from 'yargs';

/** Every command, in the order of the help. */
const commands = {
  run: async (cli) => cli.command((await import('./run.js')).runCommand),
  check: async (cli) => cli.command((await import('./check.js')).checkCommand),
  capacity: async (cli) => cli.command((await import('./capacity.js')).capacityCommand),
  ab: async (cli) => cli.command((await import('./ab.js')).abCommand),
  compare: async (cli) => cli.command((await import('./compare.js')).compareCommand),
  calibrate: async (cli) => cli.command((await import('./calibrate.js')).calibrateCommand),
  simulate: async (cli) => cli.command((await import('./simulate.js')).simulateCommand),
  report: async (cli) => cli.command((await import('./report.js')).reportCommand),
  serve: async (cli) => cli.command((await import('./serve.js')).serveCommand),
  doctor: async (cli) => cli.command((await import('./doctor.js')).doctorCommand),
  init: async (cli) => cli.command((await import('./init.js')).initCommand),
  presets: async (cli) => cli.command((await import('./presets.js')).presetsCommand),
} as const satisfies Record<string, (cli: Argv) => Promise<unknown>>;

/**
 * Adds the command that the first word names, or all where it names none: what one command needs takes a moment to load, what
 * all need takes a second.
 */
export async function addCommands(cli: Argv, word: string | undefined): Promise<void> {
  const named = Object.entries(commands).filter(([name]) => name === word);
  for (const [, add] of named.length > 0 ? named : Object.entries(commands)) await add(cli);
}
