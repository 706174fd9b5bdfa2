import { spawnSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { LAB_PORTS } from '../core/lab.ts';
import { PACKAGE_DIR } from '../core/paths.ts';
import { composeFlavour } from '../docker/compose.ts';
import type { Images } from '../docker/images.ts';
import { portIsFree } from './environment.ts';
import { canMakeBase, officialImages } from './images.ts';
import { loadLab } from './lab-file.ts';

/** One thing the lab needs. `warn` can be lived with. */
export interface Finding {
  name: string;
  state: 'ok' | 'warn' | 'missing';
  detail: string;
  /** The command, or the one thing to do, that mends it. */
  mend?: string;
}

/** The lab's images and data want this much; GiB. */
const DISK_GIB = 4;
const MEMORY_GIB = 2;

/** Looks at everything a lab needs on this machine, changing nothing. Never throws. */
export async function examine(name: string, images: Images, clock: Clock): Promise<Finding[]> {
  const daemon = await daemonFinding(images);
  return [
    nodeFinding(process.versions.node),
    daemon,
    composeFinding(),
    daemon.state === 'ok'
      ? await imageFinding(images, clock)
      : { name: 'images', state: 'warn', detail: 'not known without a daemon' },
    sizeFinding('disk', freeGib(), DISK_GIB, 'docker system prune frees what Docker no longer uses'),
    sizeFinding('memory', totalmem() / 2 ** 30, MEMORY_GIB, 'a larger machine'),
    await portFinding(name),
    netemFinding(),
  ];
}

/** Whether this Node can run us. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return ok
    ? { name: 'Node', state: 'ok', detail: version }
    : {
        name: 'Node',
        state: 'missing',
        detail: `${version} is too old`,
        mend: 'install Node 20.19 or newer',
      };
}

async function daemonFinding(images: Images): Promise<Finding> {
  try {
    return { name: 'Docker daemon', state: 'ok', detail: await images.ping() };
  } catch (error) {
    const { message, hint } = error as ChaosError;
    return { name: 'Docker daemon', state: 'missing', detail: message, ...(hint ? { mend: hint } : {}) };
  }
}

function composeFinding(): Finding {
  const flavour = composeFlavour();
  if (flavour) return { name: 'Compose', state: 'ok', detail: flavour };
  return {
    name: 'Compose',
    state: 'missing',
    detail: 'not installed',
    mend: 'bash scripts/engine.sh, or install the Docker Compose plugin',
  };
}

async function imageFinding(images: Images, clock: Clock): Promise<Finding> {
  const name = 'images';
  if (await images.registryHas(officialImages()[0]!.image, clock))
    return { name, state: 'ok', detail: 'the registry answers: official images' };
  if (canMakeBase())
    return {
      name,
      state: 'ok',
      detail: 'no registry answers: built here from Debian packages, without Grafana',
    };
  return {
    name,
    state: 'missing',
    detail: 'no registry answers, and mmdebstrap is not installed',
    mend: 'bash scripts/engine.sh',
  };
}

/** Enough of something that is counted in GiB. */
export function sizeFinding(name: string, gib: number, wanted: number, mend: string): Finding {
  const detail = `${gib.toFixed(1)} GiB`;
  return gib >= wanted
    ? { name, state: 'ok', detail }
    : { name, state: 'missing', detail: `${detail}; the lab wants ${wanted}`, mend };
}

function freeGib(): number {
  const { bavail, bsize } = statfsSync(PACKAGE_DIR);
  return (bavail * bsize) / 2 ** 30;
}

async function portFinding(name: string): Promise<Finding> {
  try {
    loadLab(name);
    return { name: 'ports', state: 'ok', detail: `the lab ${name} is up and holds its own` };
  } catch (error) {
    if (!(error instanceof ChaosError)) throw error;
  }
  const taken: number[] = [];
  for (const { preferred } of Object.values(LAB_PORTS))
    if (!(await portIsFree(preferred))) taken.push(preferred);
  if (taken.length === 0) return { name: 'ports', state: 'ok', detail: 'all free' };
  return {
    name: 'ports',
    state: 'warn',
    detail: `${taken.join(', ')} taken`,
    mend: 'chaos up --name other chooses ports of its own',
  };
}

/** network-delay uses netem where the kernel has it. */
function netemFinding(): Finding {
  const known = spawnSync('modinfo', ['sch_netem'], { stdio: 'ignore' }).status === 0;
  const built = safeRead('/proc/kallsyms').includes('netem_init');
  const detail =
    known || built ? 'the kernel has it' : 'not in this kernel; network delay would go through a TCP proxy';
  return { name: 'netem', state: known || built ? 'ok' : 'warn', detail };
}

function safeRead(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
