import { wallClockMs } from '../../clock.js';
import type { Feature } from '../feature.js';

/** Greets every client: `{"type":"welcome","message":...,"timestamp":...}`. */
export const welcome: Feature = () => ({
  onOpen: (peer) => {
    const greeting = { type: 'welcome', message: 'Welcome!', timestamp: wallClockMs() };
    peer.sendMessage(JSON.stringify(greeting), false);
  },
});
