import { parentPort } from 'node:worker_threads';
import { nowUs } from '../../dist/clock.js';

parentPort.on('message', () => parentPort.postMessage(nowUs()));
