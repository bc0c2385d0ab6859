import type { CommandModule } from 'yargs';
import { UsageError } from '../errors.js';
import { findPreset, presetGroups, presetNames } from '../policies/presets.js';
import { suggest } from '../scenario/suggest.js';
import { drawDelays } from './presetDelays.js';
import { describePreset, describePresets } from './presetText.js';
import { print } from './print.js';

interface PresetsArguments {
  readonly name: string | undefined;
  readonly json: boolean;
}

export const presetsCommand: CommandModule<object, PresetsArguments> = {
  command: 'presets [name]',
  describe: 'the reconnect policies that a scenario can name, or the delays of one',
  builder: (yargs) =>
    yargs
      .positional('name', { type: 'string', describe: 'a policy, such as socket.io' })
      .option('json', { type: 'boolean', default: false, describe: 'print it as JSON' }),
  handler: presets,
};

function presets({ name, json }: PresetsArguments): void {
  if (name === undefined) {
    print(json ? asJson(Object.values(presetGroups).flat()) : describePresets());
    return;
  }
  const preset = findPreset(name);
  if (preset === null) {
    throw new UsageError(`No policy is called ${JSON.stringify(name)}${suggest(name, presetNames)}`);
  }
  const delays = drawDelays(preset.policy);
  print(json ? asJson({ ...preset, delays }) : describePreset(preset, delays));
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
