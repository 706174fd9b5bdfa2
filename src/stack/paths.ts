import { fileURLToPath } from 'node:url';

/** The package's own folder, from src/ as from dist/. */
export const PACKAGE_DIR = fileURLToPath(new URL('../../', import.meta.url));

/** The lab as it is written: compose files, rules, images. */
export const STACK_DIR = fileURLToPath(new URL('../../stack/', import.meta.url));

/** One folder a lab: rendered configuration, passwords, and where its ports are. */
export const LABS_DIR = fileURLToPath(new URL('../../stack/.labs/', import.meta.url));
