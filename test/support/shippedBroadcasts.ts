/** The shipped scenarios in which somebody publishes. */
export const broadcastScenarios = [
  'broadcast-lobby.yaml',
  'broadcast-n2.yaml',
  'chat-rooms.yaml',
  'deflate-text-vs-binary.yaml',
  'reliable-delivery-storm.yaml',
  'slow-readers.yaml',
] as const;

export type BroadcastScenario = (typeof broadcastScenarios)[number];
