/** A sample and when it was taken, on the monotonic clock: the start of the run is not known yet. */
export type Timed<Sample> = Omit<Sample, 'atMs'> & { readonly atUs: number };

/** The samples as the record has them, from the start of the run on. */
export function timedRecord<Sample extends { readonly atUs: number }>(
  startUs: number,
  samples: readonly Sample[],
): Array<Omit<Sample, 'atUs'> & { readonly atMs: number }> {
  return samples.map(({ atUs, ...rest }) => ({ atMs: Math.round((atUs - startUs) / 1000), ...rest }));
}
