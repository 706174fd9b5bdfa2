/** `--name`, the same for every command that works on a lab. */
export const labOption = { type: 'string', default: 'techshop', describe: 'which lab' } as const;
