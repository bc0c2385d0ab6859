import type { EntranceToxic } from './toxic.js';

/** Nobody listens, so that the kernel refuses whoever connects; open connections live on. */
export function refuse(): EntranceToxic {
  return {
    on: 'entrance',
    begin: (entrance) => entrance.bar('refuse'),
    end: (entrance) => entrance.unbar('refuse'),
  };
}
