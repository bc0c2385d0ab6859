import { z } from 'zod';

/** What is run several times over: paths as for `--set`, each with the values to try. */
export const matrixSchema = z
  .record(
    z.string(),
    z
      .array(z.unknown())
      .min(1)
      .meta({
        description: 'Values to try, of any kind that the path takes',
        examples: [['fixed', 'full-jitter']],
      }),
  )
  .meta({
    description:
      'One run for each value of a path, for all combinations of several: at most 64, a fresh target each',
    examples: [{ 'populations.clients.reconnect.policy': ['fixed', 'full-jitter'] }],
  });
