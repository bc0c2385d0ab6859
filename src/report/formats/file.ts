/** A file that a reporter makes, in the folder of the record that it is about. */
export interface ReportFile {
  readonly name: string;
  readonly content: string;
}

/** JSON as every file of ours has it: for people too, and with a line break at its end. */
export function jsonFile(name: string, value: unknown): ReportFile {
  return { name, content: `${JSON.stringify(value, null, 2)}\n` };
}
