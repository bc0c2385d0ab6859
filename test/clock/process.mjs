import { nowUs } from '../../dist/clock.js';

process.on('message', () => process.send(nowUs()));
