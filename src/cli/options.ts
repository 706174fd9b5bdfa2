/** The end of a command's help: what its exit codes mean, and where to read on. */
export const helpEnd = (exits: string, docs: string) => `Exit codes: ${exits}.\nMore: docs/${docs}.md`;

/** `--name`, the same for every command that works on a lab. */
export const labOption = { type: 'string', default: 'techshop', describe: 'name of the lab' } as const;

/** The scenarios a command works on. */
export const scenarioArgument = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'names as chaos list shows them, files, or all',
} as const;

/** `--config`, for every command that reads scenarios. */
export const configOption = {
  type: 'string',
  describe:
    'what a run may touch beside the lab and this machine; by default chaos.config.yaml, if there is one',
} as const;

/** `--json`; what it prints then stands alone on stdout. */
export const jsonOption = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;
