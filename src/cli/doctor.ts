import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { readMachine } from '../plan/machine.js';
import { bytes, count, duration } from '../report/numbers.js';
import type { HttpFloor } from '../result/types.js';
import { measureFloor } from '../target/floor.js';
import { keepFloor, readFloor } from '../target/floorFile.js';
import { print, printError } from './print.js';

interface DoctorArguments {
  readonly floor: boolean;
}

export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'what this machine can carry',
  builder: (yargs) =>
    yargs.option('floor', {
      type: 'boolean',
      default: false,
      describe: 'measure what plain HTTP does here, for reports to compare with',
    }),
  handler: doctor,
};

async function doctor({ floor }: DoctorArguments): Promise<void> {
  const { node, os, cpus, memory, limits } = readMachine(true);
  print(`Node         ${node} on ${os}`);
  print(`Processors   ${cpus.count} x ${cpus.model}`);
  print(`Memory       ${bytes(memory.availableBytes)} available of ${bytes(memory.totalBytes)}`);
  print(
    `Descriptors  ${limits.descriptors === null ? 'unlimited' : count(limits.descriptors)} in one process`,
  );
  print(`Ports        ${limits.ports === null ? 'unknown' : count(limits.ports)} for each source address`);
  if (floor) {
    printError('Measuring plain HTTP for 5 s ...');
    const measured = await measure();
    print(`HTTP floor   ${describeFloor(measured)}`);
    print(`             kept in ${keepFloor(measured)} for the reports of runs started in this folder`);
    return;
  }
  const kept = readFloor();
  print(`HTTP floor   ${kept === null ? 'not measured: wsherd doctor --floor' : describeFloor(kept)}`);
}

async function measure(): Promise<HttpFloor> {
  const folder = mkdtempSync(join(tmpdir(), 'wsherd-'));
  try {
    return await measureFloor(join(folder, 'server.log'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function describeFloor({ requestsPerSecond, connections, latencyP50Us, latencyP99Us }: HttpFloor): string {
  return `${count(requestsPerSecond)} requests a second over ${connections} connections, p50 ${duration(latencyP50Us)}, p99 ${duration(latencyP99Us)}`;
}
