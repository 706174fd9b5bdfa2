import type { Redis } from 'ioredis';
import { ChaosError, messageOf } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { labPassword } from '../core/lab-environment.ts';

/**
 * A connection to the lab's Redis, which is not made anew where it breaks.
 * @param commandTimeout how long a command may take, in wall milliseconds
 * @throws ChaosError `not-ready` where Redis refuses or does not answer in time
 */
export async function connect(lab: Lab, commandTimeout?: number): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const client = new Client({
    host: '127.0.0.1',
    port: lab.ports.REDIS_PORT,
    password: labPassword(lab, 'REDIS_PASSWORD'),
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 2000,
    ...(commandTimeout === undefined ? {} : { commandTimeout }),
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    throw new ChaosError('not-ready', `Redis does not answer: ${messageOf(error)}.`, { cause: error });
  }
}
