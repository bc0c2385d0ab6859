/** The thread of the HTTP requests beside a run. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BesideTask, FromBeside, ToBeside } from './beside.js';
import { BesideLoad } from './besideLoad.js';

if (parentPort === null) throw new Error('besideWorker.js is the entry of a thread');
const port = parentPort;
const { spec, href, address, source }: BesideTask = workerData;
const tell = (message: FromBeside): void => port.postMessage(message);
let load: BesideLoad | null = null;

port.on('message', async (message: ToBeside) => {
  switch (message.kind) {
    case 'start':
      load = new BesideLoad(spec, { url: new URL(href), address }, source, message.startUs, (snapshot) =>
        tell({ kind: 'snapshot', snapshot }),
      );
      break;
    case 'phase':
      load?.enter(message.name, message.atUs);
      break;
    case 'stop':
      await load?.stop();
      // Nothing else keeps the thread alive.
      port.close();
      break;
  }
});
tell({ kind: 'ready' });
